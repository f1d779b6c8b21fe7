;; Division by zero.
;; expect-error: division by zero
;; expect-error: divide.scm:5
;; exit: 70
(define (f x) (quotient 10 x))
(print (f 0))
