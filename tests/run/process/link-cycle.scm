;; An exception runs around a cycle of 50000 linked processes.
;; expect: 50002
;; expect: exception
;; expect: 1
;; heavy
(define n 50000)
(define (silently thunk) (lambda () (catch (lambda (e) (exit! (self) e)) (thunk))))
(define first
  (spawn (silently (lambda () (recv (('link p) (outbound-link p))) (?)))))
(define (chain i next)
  (if (= i 0)
      next
      (chain (- i 1) (spawn (silently (lambda () (outbound-link next) (?)))))))
(define last (chain n first))
(! first (list 'link last))
(thread-sleep! 0.1)
(print (process-count))
(define (wait-until-alone)
  (if (> (process-count) 1)
      (begin (thread-sleep! 0.01) (wait-until-alone))))
(define ref (monitor last))
(exit! first 'end)
(print (car (recv (('down ,ref _ reason) reason))))
(wait-until-alone)
(print (process-count))
