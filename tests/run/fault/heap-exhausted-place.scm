;; Memory that runs out at an allocation of compiled code: the report names procedure and line.
;; expect-error: heap-exhausted-place.scm:7:10: error in grow: out of memory
;; exit: 70
;; env: TERMITE_MAX_HEAP=200M
;; timeout: 30
;; heavy
(define (grow n l) (grow (+ n 1) (cons n l)))
(grow 0 '())
