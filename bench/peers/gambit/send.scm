(define (send-and-receive me n last)
  (if (= n 0)
      last
      (begin
        (thread-send me n)
        (send-and-receive me (- n 1) (thread-receive)))))

(define (main n)
  (let ((n (string->number n)) (me (current-thread)))
    (measure "send" 1 n (lambda () (send-and-receive me n 0)))))
