;; Reports of exceptions are limited; how many were not shown is said. The main process's own is always shown.
;; expect-error: more exceptions of processes were not reported)
;; expect-error: error in main: the last
;; exit: 70
;; heavy
(define (fail n) (if (> n 0) (begin (wait-for (spawn (lambda () (error "again" n)))) (fail (- n 1)))))
(define (main) (fail 3000) (error "the last"))
