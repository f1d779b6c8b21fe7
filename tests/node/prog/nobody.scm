;; A node whose only other process computes for ever is told that a node cannot be reached.
(define (spin n) (spin (+ n 1)))

(define (main host port)
  (spawn (lambda () (spin 0)))
  (? 0.05 #f)
  (monitor-node (make-node host (string->number port)))
  (let ((m (? 40 '(nothing node none))))
    (print (car m) " " (caddr m))))
