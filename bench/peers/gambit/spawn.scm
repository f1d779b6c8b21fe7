(define (chain n parent)
  (if (= n 0)
      (thread-send parent 'done)
      (thread-start! (make-thread (lambda () (chain (- n 1) parent))))))

(define (main n)
  (let ((n (string->number n)) (me (current-thread)))
    (measure "spawn" 1 n (lambda () (chain n me) (thread-receive)))))
