;; Watches another node, with which it has nothing to talk about. Arguments: host, port, seconds.
(define (main host port seconds)
  (let ((node (make-node host (string->number port))))
    (ping node)
    (monitor-node node)
    (print (? (string->number seconds) 'nothing))))
