;; Mail for a process that takes none: it ends before its node is in trouble, and its
;; links hear of it. Arguments: host, port, how large a message is.
(define (sleeper) (recv ('never 'done)))
(define (main host port size)
  (let* ((there (make-node host (string->number port)))
         (sleeping (remote-spawn-link there sleeper))
         (mail (make-bytevector (string->number size) 1)))
    (print "lost: "
           (with-exception-catcher
            (lambda (exception) exception)
            (lambda ()
              (let loop ((i 0))
                (! sleeping mail)
                (if (= (modulo i 100) 0) (recv (after 0 'ok)))
                (loop (+ i 1))))))
    (print "the node: " (on there (lambda () 'serves)))))
