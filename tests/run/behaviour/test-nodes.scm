;; Nodes of the test kit: killed, stopped, paused, resumed.
;; expect: paused: timeout
;; expect: resumed: there
;; expect: stopped: shutdown
;; expect: killed: closed
;; expect: kill-test-node: wrong type of argument (5)
;; expect: call-with-test-nodes: wrong type of argument (two)
(define (down-of node) (recv (('node-down ,node reason epoch) reason) (after 10 'never)))
(define (failure thunk)
  (catch (lambda (e) (print (error-object-message e) " " (error-object-irritants e))) (thunk)))
(define (main)
  (call-with-test-nodes 2
    (lambda (a b)
      (let ((node-a (test-node-node a)) (node-b (test-node-node b)))
        (monitor-node node-a)
        (monitor-node node-b)
        (pause-test-node a)
        (print "paused: " (on node-a (lambda () 'there) 0.2 'timeout))
        (resume-test-node a)
        (print "resumed: " (on node-a (lambda () 'there) 10 'timeout))
        (stop-test-node a)
        (print "stopped: " (down-of node-a))
        (kill-test-node b)
        (print "killed: " (down-of node-b)))))
  (failure (lambda () (kill-test-node 5)))
  (failure (lambda () (call-with-test-nodes 'two list))))
