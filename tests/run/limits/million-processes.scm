;; A million idle processes; then all of them answer.
;; expect: 1000001
;; expect: 500000500000
;; memory-mb: 2000
;; timeout: 60
;; long
(define me (self))
(define (start i) (spawn (lambda () (recv ('go (! me i))))))
(define pids (let loop ((i 1) (l '())) (if (> i 1000000) l (loop (+ i 1) (cons (start i) l)))))
(yield)
(print (process-count))
(for-each (lambda (p) (! p 'go)) pids)
(print (let loop ((i 0) (sum 0)) (if (= i 1000000) sum (loop (+ i 1) (+ sum (?))))))
