;; Special forms that are not well made.
;; error 6:13 if: something is missing
;; error 7:7 a binding must be (variable value)
;; error 8:12 parameter `a` appears twice
;; error 9:7 the `else` clause must be the last
(define (f) (if))
(let ((x 1 2)) x)
(lambda (a a) a)
(cond (else 1) (#t 2))
