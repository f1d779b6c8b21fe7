;; Another program than its peer: its code is unknown there.
;; Arguments: host, port.
(define (main host port)
  (let ((node (make-node host (string->number port))))
    (print (catch (lambda (e) (condition-kind e))
             (remote-spawn node (lambda () (print "never")))))
    (print (catch (lambda (e) (condition-kind e))
             (on node (lambda () (* 6 7)) 5)))
    (! (remote-service 'print node) (list 'data "arrives" 1.5 (vector 1 2)))
    (! (remote-service 'print node) (lambda () 1))
    (! (remote-service 'print node) 'next)
    (print (!? (remote-service 'echo node) 'still-here 5))))
