;; What was sent just before the end arrives, though nothing was connected yet.
(define sink (spawn (lambda () (let loop () (recv (x (print (list 'got x)) (loop)))))))
(publish-service 'sink sink)
(define (main host port) (! (remote-service 'sink (make-node host (string->number port))) 'x))
