;; Says whether a node answers. Arguments: host, port.
(define (main host port)
  (print (ping (make-node host (string->number port)) 20)))
