;; A match without a clause for the datum names it.
;; expect-error: no clause matches
;; expect-error: (unexpected 1)
;; exit: 70
(define (f x) (match x (('expected y) y)))
(print (f '(unexpected 1)))
