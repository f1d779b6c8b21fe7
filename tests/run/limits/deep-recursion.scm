;; A million frames.
;; expect: 1000000
;; expect: 500000500000
;; expect: 1000000
;; memory-mb: 1500
;; timeout: 60
;; heavy
(define (depth n) (if (= n 0) 0 (+ 1 (depth (- n 1)))))
(print (depth 1000000))
(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l)))))
(print (sum (iota 1000000 1)))
(define (build n) (if (= n 0) '() (cons n (build (- n 1)))))
(print (length (build 1000000)))
