(if . 1) (let ((x . 1)) . x) (lambda (a . b) . c) (define (f . g)) (cond (1 . 2)) (case 1 ((a . b) 1)) (quote . a) (f . x)
