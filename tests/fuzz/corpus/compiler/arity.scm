(car) (cons 1) (car 1 2) ((lambda (x) x)) ((lambda (x . y) y) 1 2 3) (apply car) (let ((f (lambda (x) x))) (f 1 2)) (vector-ref #(1) 1)
