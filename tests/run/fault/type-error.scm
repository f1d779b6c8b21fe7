;; A type error names the operation, the function, the line and the value.
;; expect-error: type-error.scm:8
;; expect-error: frob
;; expect-error: car
;; expect-error: wrong type
;; expect-error: 5
;; exit: 70
(define (frob x) (+ 1 (car x)))
(print (frob 5))
