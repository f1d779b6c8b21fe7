;; Random numbers: in range, spread, of any size.
;; expect: (#t #t #t)
;; expect: (0 #t #t)
;; expect: (wrong-type out-of-range)
;; timeout: 30
(define draws (map (lambda (i) (random-integer 10)) (iota 10000)))
(print (list (every (lambda (x) (and (exact-integer? x) (<= 0 x 9))) draws)
             (every (lambda (k) (< 800 (count (lambda (x) (= x k)) draws) 1200)) (iota 10))
             (let ((x (random-real))) (and (< 0 x) (< x 1)))))
(print (list (random-integer 1) (< (random-integer (expt 10 50)) (expt 10 50)) (< 0. (random 5.) 5.)))
(define (kind thunk) (catch condition-kind (thunk)))
(print (list (kind (lambda () (random-integer 'x))) (kind (lambda () (random-integer 0)))))
