(define-values (a b . c) (values 1 2 3)) (let-values (((a b) (values 1)) (c (values))) c) (receive (a . b) (values 1 2) b) (call-with-values car cons)
