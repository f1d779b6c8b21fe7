;; Mail for a process that takes none: it ends before its node is in trouble, and its
;; links hear of it. Arguments: host, port, how large a message is, how the process is
;; named: pid, or name; or the host and port of a third node, to which it moves.
(define (sleeper) (recv ('never 'done)))

(define (spawn-sleeper there where)
  (let ((me (self)))
    (remote-spawn-link there
      (lambda ()
        (if (pair? where) (migrate (make-node (car where) (string->number (cadr where)))))
        (! me 'asleep)
        (sleeper)))))

(define (name-of sleeping there how)
  (if (equal? how '("name"))
      (begin
        (on there (lambda () (publish-service 'sleeper sleeping)))
        (remote-service 'sleeper there))
      sleeping))

(define (main host port size . how)
  (let* ((there (make-node host (string->number port)))
         (sleeping (spawn-sleeper there (if (member how '(("pid") ("name"))) #f how)))
         (named (begin (recv ('asleep 'ok)) (name-of sleeping there how)))
         (mail (make-bytevector (string->number size) 1)))
    (print "begins")
    (print "lost: "
           (with-exception-catcher
            (lambda (exception) exception)
            (lambda ()
              (let loop ((i 0))
                (! named mail)
                (if (= (modulo i 100) 0) (recv (after 0 'ok)))
                (loop (+ i 1))))))
    (print "the node: " (on there (lambda () 'serves)))))
