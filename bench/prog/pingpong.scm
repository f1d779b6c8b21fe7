;;; Two processes send each other a list, for lists of several lengths; the time
;;; is that of one message. Argument: n round trips.
(include "measure.scm")

(define (pong)
  (recv
    ((from message)
     (! from message)
     (pong))))

(define (ping n me peer message)
  (if (= n 0)
      (length message)
      (begin
        (! peer (list me message))
        (recv
          (reply (ping (- n 1) me peer reply))))))

(define (count-down n)
  (if (= n 0)
      '()
      (cons n (count-down (- n 1)))))

(define (main n)
  (let ((n (string->number n)) (me (self)) (peer (spawn pong)))
    (for-each
      (lambda (size)
        (let ((message (count-down size)))
          (measure (string-append "pingpong-" (number->string size)) 1 (* 2 n)
                   (lambda () (ping n me peer message)))))
      '(0 10 20 50 100 200 500 1000))))
