(define-syntax f (syntax-rules () ((_ x) (f (x x))))) (f 1)
