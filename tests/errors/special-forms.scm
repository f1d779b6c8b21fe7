(define (f x y x) x)
;; error 1:16 parameter `x` appears twice
(if)
;; error 3:1 if: something is missing
(let ((a)) a)
;; error 5:7 a binding must be (variable value)
(cond (else))
;; error 7:7 cond: the `else` clause is empty
(1 . 2)
;; error 9:1 a procedure call must be a proper list
()
;; error 11:1 () is not an expression
else
;; error 13:1 `else` is syntax and cannot be used as a value
(if #t (define z 1))
;; error 15:8 `define` cannot stand here
(syntax-error "bad thing" (a b) "s")
;; error 17:1 bad thing (a b) "s"
(guard x 1)
;; error 19:8 guard: (variable clause ...) is needed here
(case 1 (1 2))
;; error 21:9 case: a clause must be
`(1 . ,@x)
;; error 23:7 unquote-splicing
(lambda (1) 1)
;; error 25:10 a parameter must be an identifier
(define (g) (define a 1))
;; error 27:1 the body has no expression after its definitions
