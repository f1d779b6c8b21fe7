(define-syntax m (syntax-rules () ((_ x ...) (m x ... x ...))))
;; error 3:1 macro expansion makes too much text
(m 1)
