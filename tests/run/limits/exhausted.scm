;; Memory used up by recursion, or by data: a condition in that process; what it
;; held is given back, and the next one can use it.
;; args: --termite-max-heap=200M
;; expect: (stack-exhausted heap-exhausted stack-exhausted heap-exhausted)
;; expect: (main stack-exhausted)
;; expect: done
;; memory-mb: 2000
;; timeout: 60
;; heavy
(define (dive n) (+ 1 (dive (+ n 1))))
(define (hoard data) (hoard (cons data (make-vector 100 data))))
(define me (self))
(define (kind-of thunk)
  (let ((p (spawn (lambda () (! me (list 'kind (catch condition-kind (thunk))))))))
    (recv (('kind kind) kind))))
(print (map kind-of (list (lambda () (dive 0)) (lambda () (hoard '())) (lambda () (dive 0)) (lambda () (hoard '())))))
(print (list 'main (catch condition-kind (dive 0))))
(print 'done)
