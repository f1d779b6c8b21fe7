(define-syntax m (syntax-rules () ((_ x ...) (m))))
;; error 3:1 endless macro expansion
(m 1)
