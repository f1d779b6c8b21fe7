(define (node next)
  (let ((k (thread-receive)))
    (if (= k 0)
        (thread-send next 0)
        (begin
          (thread-send next (- k 1))
          (node next)))))

(define (make-nodes n next)
  (if (= n 0)
      next
      (make-nodes (- n 1) (thread-start! (make-thread (lambda () (node next)))))))

(define (main n k)
  (let ((n (string->number n)) (k (string->number k)) (me (current-thread)))
    (measure (string-append "ring-" (number->string k)) 1 n
             (lambda ()
               (let ((first (make-nodes (- n 1) me)))
                 (thread-send first k)
                 (node first)
                 'done)))))
