;; Worker pools, parallel map, meters and the dispatcher, on one node.
;; expect: #t
;; expect: (1 4 9 16 25 36 49)
;; expect: (1 4 9)
;; expect: 3
;; expect: (caught oops)
;; expect: (caught bad)
;; expect: second-try
;; expect: #t #t 1
;; expect: (6 7)
;; expect: (caught no)
(print (>= (local-loadavg) 0))
(define me (current-node))
(define pool (start-worker-pool (list me) 3 0.1))
(print (pmap (lambda (x) (* x x)) '(1 2 3 4 5 6 7) pool))
(print (pmap (lambda (x) (* x x)) '(1 2 3)))
(print (pool-size pool))
(print (with-exception-catcher (lambda (e) (list 'caught e)) (lambda () (pool-run pool (lambda () (raise 'oops))))))
(print (with-exception-catcher (lambda (e) (list 'caught e)) (lambda () (pmap (lambda (x) (if (= x 2) (raise 'bad) x)) '(1 2 3)))))
;; A worker that dies: the task is done by another, and the worker replaced.
(define died (make-cell #f))
(print (pool-run pool (lambda () (if (cell-ref died) 'second-try (begin (cell-set! died #t) (exit! (self) 'killed))))))
(pool-stop pool)
(define sup (start-meter-supervisor (list me) 0.02))
(let wait () (if (minimum-load sup) 'ok (begin (thread-sleep! 0.01) (wait))))
(print (equal? (minimum-load sup) me) " " (real? (average-load sup)) " " (length (node-loads sup)))
(define d (start-work-dispatcher sup))
(print (dispatch d (lambda () (list 6 7))))
(print (with-exception-catcher (lambda (e) (list 'caught e)) (lambda () (dispatch d (lambda () (raise 'no))))))
