;;; A process sends itself a message and receives it, n times. Argument: n.
(include "measure.scm")

(define (send-and-receive me n last)
  (if (= n 0)
      last
      (begin
        (! me n)
        (send-and-receive me (- n 1) (?)))))

(define (main n)
  (let ((n (string->number n)) (me (self)))
    (measure "send" 1 n (lambda () (send-and-receive me n 0)))))
