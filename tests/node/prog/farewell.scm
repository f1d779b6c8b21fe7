;; The last words of a node that ends arrive; a port that was sent elsewhere writes
;; where it was opened; what a process prints, it prints where it is.
;; Arguments: host, port, messages.
(define (main host port messages)
  (let* ((node (make-node host (string->number port)))
         (here (current-output-port))
         (messages (string->number messages))
         (me (self)))
    (on node (lambda ()
               (display "through the port" here)
               (newline here)
               (print "where it runs")))
    (print (on node (lambda ()
                      (call-with-output-string (lambda (port) (write (list 'string 'port) port))))))
    (let ((counter (remote-spawn node
                     (lambda ()
                       (let loop ((n 0))
                         (recv
                           ('last (print "heard " n))
                           (_ (loop (+ n 1)))))))))
      (let loop ((i 0))
        (if (< i messages)
            (begin
              (! counter (list i "some text that makes it longer"))
              (loop (+ i 1)))))
      (! counter 'last))))
