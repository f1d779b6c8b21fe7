;; Children on other nodes under a supervisor here, which sees their node killed and is
;; killed with its own. Arguments: host and port of each node.
(define (nodes-of arguments)
  (if (null? arguments)
      '()
      (cons (make-node (car arguments) (string->number (cadr arguments))) (nodes-of (cddr arguments)))))

(define (busy) (let loop ((i 0)) (loop (remainder (+ i 1) 1000))))
(define (echo) (recv ((from tag 'where) (! from (list tag (current-node))) (echo)) ('shutdown 'done)))

(define (main . addresses)
  (let* ((nodes (nodes-of addresses))
         (sup (supervisor-start 'one-for-all
                                (list (make-child 'echo (remote-starter nodes echo) 'permanent 1)
                                      (make-child 'busy (remote-starter nodes busy) 'permanent 0.2)
                                      (make-child 'here (thunk-starter echo)))
                                5 60))
         (where (lambda (old)
                  (let wait ()
                    (let ((pids (map cadr (supervisor-children sup))))
                      (if (and (every pid? pids) (not (memq (car old) pids)))
                          pids
                          (begin (thread-sleep! 0.02) (wait)))))))
         (place (lambda (pid) (list-index (lambda (node) (equal? node (!? pid 'where 60 #f))) nodes)))
         (first (where (list (self)))))
    (print "on " (place (car first)))
    ;; node 0 is killed now
    (let ((second (where first)))
      (print "then on " (place (car second)) ", busy " (alive? (cadr second)))
      (print (map car (supervisor-children sup)))
      (for-each (lambda (pid name)
                  (remote-spawn (pid-node pid) (lambda () (wait-for pid) (print name " has ended"))))
                (take second 2) '(echo busy))
      (print "ready")
      (?))))
