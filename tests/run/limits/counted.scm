;; What is outside of the heap counts against its limit: here processes.
;; args: --termite-max-heap=100M
;; expect: (cells done)
;; expect: (processes heap-exhausted)
;; expect: (#t alive)
;; memory-mb: 600
;; timeout: 60
;; heavy
(define (spawn-all n) (spawn (lambda () (?))) (spawn-all (+ n 1)))
;; A cell that is done with is ended as any process; its place is used again.
(define (make-cells n)
  (if (> n 0)
      (let ((c (make-cell n)))
        (terminate! c)
        (make-cells (- n 1)))
      'done))
(define (main)
  (print (list 'cells (make-cells 1000000)))
  (print (list 'processes (catch condition-kind (spawn-all 0))))
  (print (list (< 10000 (process-count) 400000) 'alive)))
