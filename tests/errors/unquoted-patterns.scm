;; Quasi-patterns of other systems: `,x` compares, and nothing defines x.
;; warning 5:39 `x` is not defined
;; note 5:39 a pattern `,x` compares with the value of `x`; to bind it, write `x`
(define y 1)
(define (evaluate e) (match e (('add ,x ,y) (+ x y)) (,z 0)))
(define z 2)
