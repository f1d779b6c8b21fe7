(define (pong)
  (let ((message (thread-receive)))
    (thread-send (car message) (cadr message))
    (pong)))

(define (ping n me peer message)
  (if (= n 0)
      (length message)
      (begin
        (thread-send peer (list me message))
        (ping (- n 1) me peer (thread-receive)))))

(define (count-down n)
  (if (= n 0)
      '()
      (cons n (count-down (- n 1)))))

(define (main n)
  (let ((n (string->number n)) (me (current-thread)) (peer (thread-start! (make-thread pong))))
    (for-each
      (lambda (size)
        (let ((message (count-down size)))
          (measure (string-append "pingpong-" (number->string size)) 1 (* 2 n)
                   (lambda () (ping n me peer message)))))
      '(0 10 20 50 100 200 500 1000))))
