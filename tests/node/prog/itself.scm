;; A node that uses itself by several of its names. Serves `log`, which answers `(from 'all)` with what it got, oldest
;; first. Arguments: the port where it listens, names.
(define (log got)
  (recv
    ((from tag 'all) (! from (list tag (reverse got))) (log '()))
    (x (log (cons x got)))))

(publish-service 'log (spawn (lambda () (log '()))))

(define (outcome thunk)
  (with-exception-catcher (lambda (e) (if (error-object? e) (condition-kind e) e)) thunk))

(define (use node)
  (! (remote-service 'log node) (node-host node))
  (print (list (outcome (lambda () (ping node)))
               (outcome (lambda () (on node (lambda () (alive? (self))) 5 'late)))
               (outcome (lambda ()
                          (!? (remote-spawn node (lambda () (recv ((from tag x) (! from (list tag x)))))) 42 5 'late)))
               (outcome (lambda ()
                          (remote-spawn-link node (lambda () (raise 'raised)))
                          (? 5 'nothing))))))

(define (main port . names)
  (for-each (lambda (name) (use (make-node name (string->number port)))) names)
  (print (!? (remote-service 'log (current-node)) 'all 10 'late)))
