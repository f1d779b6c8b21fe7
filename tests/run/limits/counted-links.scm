;; What is outside of the heap counts against its limit: here links, while nothing else is made.
;; args: --termite-max-heap=100M
;; expect: heap-exhausted
;; expect: alive
;; memory-mb: 600
;; timeout: 60
;; heavy
(define (monitor-all p) (monitor p) (monitor-all p))
(define (main)
  (print (catch condition-kind (monitor-all (spawn (lambda () (?))))))
  (print 'alive))
