;; Procedures that are inlined are in the report as if they were not.
;; expect-error: place-inlined.scm:7:19: error in inner: car: wrong type of argument: 5
;; expect-error: /tests/run/fault/place-inlined.scm:7:19
;; expect-error: /tests/run/fault/place-inlined.scm:8:28
;; expect-error: /tests/run/fault/place-inlined.scm:9:23
;; exit: 70
(define (inner x) (car x))
(define (middle x) (list 1 (inner x)))
(define (main) (print (middle 5)))
