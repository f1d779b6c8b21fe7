;; Too many processes: a condition for who spawns, the others stay.
;; args: --termite-max-processes=5000
;; expect: process-limit
;; expect: #t
;; expect: (still answers)
(define server (spawn (lambda () (let loop () (recv ((from tag x) (! from (list tag x)))) (loop)))))
(define (spawn-all) (spawn (lambda () (?))) (spawn-all))
(print (catch condition-kind (spawn-all)))
(print (>= (process-count) 5000))
(print (!? server '(still answers)))
