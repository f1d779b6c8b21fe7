;; Application of a value that is not a procedure.
;; expect-error: not a procedure
;; exit: 70
(define (call f) (f 1 2))
(print (call 'x))
