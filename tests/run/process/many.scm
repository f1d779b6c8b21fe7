;; A hundred thousand processes at once; each answers.
;; expect: 5000050000
;; expect: #t
;; timeout: 60
;; memory-mb: 2000
;; heavy
(define me (self))
(define (start n)
  (let loop ((i 1) (pids '()))
    (if (> i n)
        pids
        (loop (+ i 1) (cons (spawn (lambda () (recv ('go (! me i))))) pids)))))
(define pids (start 100000))
(for-each (lambda (p) (! p 'go)) pids)
(print (let loop ((i 0) (sum 0)) (if (= i 100000) sum (loop (+ i 1) (+ sum (?))))))
(? 0.1 #f)
(print (<= (process-count) 2))
