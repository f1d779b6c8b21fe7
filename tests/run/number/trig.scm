;; exp, log, sin, cos, tan, asin, acos, atan, sqrt of exact squares.
;; expect: (0 1 0 0)
;; expect: #t
;; expect: #t
;; expect: (0 0.0 1.5707963267948966)
;; expect: (1000000000000 1/3)
;; expect: (3.141592653589793 -1.5707963267948966)
;; expect: #t
(define (near? a b) (< (abs (- a b)) 1e-12))
(print (list (sin 0) (cos 0) (tan 0) (log 1)))
(print (near? 1 (+ (square (sin 1.25)) (square (cos 1.25)))))
(print (near? (tan .5) (/ (sin .5) (cos .5))))
(print (list (asin 0) (acos 1.) (asin 1)))
(print (list (sqrt (expt 10 24)) (sqrt 1/9)))
(print (list (atan 0. -1) (atan -1 0)))
(print (near? 1.25 (log (exp 1.25))))
