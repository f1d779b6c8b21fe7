(letrec ((a b) (b a)) a) (letrec* ((f (lambda () (g))) (x (f)) (g (lambda () x))) x) (define a b) (define b a) a
