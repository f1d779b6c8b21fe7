;; Ten million frames in a gigabyte.
;; expect: 10000000
;; memory-mb: 3000
;; timeout: 60
;; heavy
(define (depth n) (if (= n 0) 0 (+ 1 (depth (- n 1)))))
(print (depth 10000000))
