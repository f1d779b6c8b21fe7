;; A node that serves, with a supervised server, and one that works.
(define (server name)
  (generic-server-start
   (make-generic-server-plugin
    (lambda () name)
    (lambda (term from state) (list 'reply state state))
    (lambda (term state) (list 'noreply state))
    (lambda (reason state) (print (list 'terminate state reason))))))

(publish-service 'last (server 'last))
(supervisor-start 'one-for-one (list (make-child 'a (lambda () (server 'a)))))

(define (main host port)
  (let ((last (remote-service 'last (make-node host (string->number port)))))
    (print (generic-server-call last 'name))
    (let ((ref (monitor last)))
      (print 'asked)
      (flush-output-port)
      (recv (('down ,ref _ reason) (print (list 'down reason)))))
    (print 'gone)
    (recv (after 1000000 'never))))
