;; A wrong number of arguments, found at run time.
;; expect-error: wrong number of arguments
;; exit: 70
(define (two a b) a)
(define (apply-to-one f) (f 1))
(print (apply-to-one two))
