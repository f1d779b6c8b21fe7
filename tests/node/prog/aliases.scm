;; One process sends numbers to one receiver on a node, by several names of that node. Serves `log`, which answers
;; `(from 'all)` with what it got, oldest first. Arguments: what, port, names of the node:
;;   fresh   there is no connection yet: one message by each name in turn, twice
;;   known   the first name has a connection: messages by each other name, by the first one, and by the pid
(define (log got)
  (recv
    ((from tag 'all) (! from (list tag (reverse got))) (log '()))
    (x (log (cons x got)))))

(publish-service 'log (spawn (lambda () (log '()))))

;; Numbers in the order of the receivers.
(define (send-all receivers n)
  (if (pair? receivers)
      (begin
        (! (car receivers) n)
        (send-all (cdr receivers) (+ n 1)))))

(define (main what port . names)
  (let* ((nodes (map (lambda (name) (make-node name (string->number port))) names))
         (logs (map (lambda (node) (remote-service 'log node)) nodes)))
    (cond
      ((equal? what "fresh")
       (send-all (append logs logs) 1))
      (else
       (let ((pid (resolve-service 'log (car nodes))))
         (send-all (append (cdr logs) (list (car logs) pid)) 1))))
    (print (!? (car logs) 'all 10 'late))))
