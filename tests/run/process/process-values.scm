;; Any value travels by reference: closures, continuations, big lists.
;; expect: 42
;; expect: 1000000
;; expect: #t
;; expect: (1 2 3 4 5)
;; timeout: 30
(define me (self))
(spawn (lambda () (! me (lambda (x) (+ x 2)))))
(print ((?) 40))
(define big (iota 1000000))
(define echo (spawn (lambda () (let loop () (recv ((from tag x) (! from (list tag x)))) (loop)))))
(print (length (!? echo big)))
(print (eq? big (!? echo big)))
;; order is kept between two processes
(spawn (lambda () (for-each (lambda (i) (! me i)) '(1 2 3 4 5))))
(print (let* ((a (?)) (b (?)) (c (?)) (d (?)) (e (?))) (list a b c d e)))
