;; Every process waits and nothing can come: a report, exit code 70.
;; expect: waiting
;; expect-error: deadlock
;; exit: 70
;; timeout: 10
(define p (spawn (lambda () (?))))
(print 'waiting)
(recv ('never 'x))
