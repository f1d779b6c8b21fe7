;; The test kit's own nodes: they run this program, and are killed.
(define (main)
  (test-group "nodes"
    (call-with-test-nodes 2
      (lambda (a b)
        (check (on (test-node-node a) (lambda () (+ 20 1))) => 21)
        (check (equal? (on (test-node-node b) (lambda () (current-node))) (test-node-node b)))
        (let* ((p (remote-spawn (test-node-node a) (lambda () (?)))) (ref (monitor p)))
          (check (kill-test-node a))
          (check (recv (('down ,ref _ reason) reason) (after 60 'late)) => 'noconnection))
        (check (kill-test-node a) => #f))))
  (test-exit))
