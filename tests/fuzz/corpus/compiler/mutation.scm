(set! x 1) (define x 1) (set-car! '(1) 2) (vector-set! (vector 1) 0 1) (define x 2)
