(define if list) (if 1 2 3) (let ((else #f) (quote car)) (cond (else 1)) 'a) (define (define x) x) (define 1)
