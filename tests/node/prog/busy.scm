;; A node whose only other process computes for ever reaches another node for the first time.
(define (spin n) (spin (+ n 1)))

(define (main host port)
  (spawn (lambda () (spin 0)))
  (? 0.05 #f)
  (print (on (make-node host (string->number port)) (lambda () (* 6 7)) 30 'unreachable)))
