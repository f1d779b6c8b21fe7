;; A node with several names, each used for the first time while there is a connection already.
;; Arguments: host, port, other names. Serves `log`, which prints what it gets.
(define (log)
  (recv (x (print "got " (if (bytevector? x) (bytevector-length x) x))))
  (log))

(publish-service 'log (spawn log))

(define (outcome thunk)
  (with-exception-catcher (lambda (e) (if (error-object? e) (condition-kind e) e)) thunk))

;; Calls each thunk in a process of its own, at once; their outcomes, in order.
(define (at-once . thunks)
  (let* ((me (self))
         (tags (map (lambda (thunk)
                      (let ((tag (make-tag)))
                        (spawn (lambda () (! me (list tag (outcome thunk)))))
                        tag))
                    thunks)))
    (map (lambda (tag) (recv ((,tag x) x))) tags)))

(define (linked node)
  (let ((child (remote-spawn-link node (lambda () (raise 'raised)))))
    (? 20 'nothing)))

(define (kept node)
  (let ((child (remote-spawn-link node (lambda () (recv ((from tag x) (! from (list tag (* 2 x))))) (?)))))
    (!? child 21 20 'nothing)))

(define (use node)
  (let ((log (remote-service 'log node)))
    (print (at-once (lambda () (on node (lambda () 'value) 20 'late))
                    (lambda () (ping node))
                    (lambda () (linked node))
                    (lambda () (kept node))
                    (lambda ()
                      (! log 'first)
                      (! log (make-bytevector 5000000 1))
                      (! log 'last)
                      'sent)))))

(define (main host port . names)
  (let ((nodes (map (lambda (name) (make-node name (string->number port))) (cons host names))))
    (ping (car nodes))
    (for-each monitor-node nodes)
    (for-each use (cdr nodes))
    (print "kill it")
    (for-each (lambda (node) (recv ((node-down n 'closed _) (print n)) (after 20 (print 'nothing)))) nodes)
    (print (? 0 'nothing))))
