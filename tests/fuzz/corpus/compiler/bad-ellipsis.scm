(define-syntax m (syntax-rules () ((_ (a ...) ...) '(a ... b ... ...)))) (m (1) (2)) (define-syntax n (syntax-rules (...) ((_ ...) 1))) (n 1)
