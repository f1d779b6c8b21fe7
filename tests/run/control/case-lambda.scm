;; case-lambda, rest arguments, apply.
;; expect: (0)
;; expect: (1 a)
;; expect: (2 a b)
;; expect: (many a (b c))
;; expect: 10
;; expect: (1 2 3 4)
;; expect: 15
;; expect: 36
(define f
  (case-lambda
    (() (list 0))
    ((a) (list 1 a))
    ((a b) (list 2 a b))
    ((a . rest) (list 'many a rest))))
(print (f))
(print (f 'a))
(print (apply f '(a b)))
(print (f 'a 'b 'c))
(define range
  (case-lambda
    ((e) (range 0 e))
    ((b e) (do ((r '() (cons e r)) (e (- e 1) (- e 1))) ((< e b) r)))))
(print (apply + (range 5)))
(print ((lambda x x) 1 2 3 4))
(define (many a b c d e f g h) (+ a h))
(print (many 7 2 3 4 5 6 7 8))
(print (apply (lambda (a b c d e f g h) (+ a b c d e f g h)) 1 2 3 '(4 5 6 7 8)))
