;; What is outside of the heap counts against its limit: here mailboxes of many processes.
;; args: --termite-max-heap=100M
;; expect: heap-exhausted
;; expect: alive
;; memory-mb: 600
;; timeout: 60
;; heavy
(define (send-all pids i)
  (for-each (lambda (p) (! p i)) pids)
  (if (< i 60000) (send-all pids (+ i 1)) 'not-counted))
(define (main)
  (let ((pids (map (lambda (i) (spawn (lambda () (recv ('never i))))) (iota 300))))
    (print (catch condition-kind (send-all pids 0)))
    (print 'alive)))
