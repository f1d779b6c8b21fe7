;; A process moves to a node that falls silent in the middle; what its monitor hears. Arguments: host, port.
(define (main host port)
  (let* ((node (make-node host (string->number port)))
         (p (spawn (lambda () (migrate node) (?)))))
    (monitor p)
    (recv (('down _ _ reason) (print reason)) (after 20 (print 'nothing)))))
