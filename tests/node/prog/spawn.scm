;; Processes on another node (paper, section 4.8): one sends a message home, one
;; raises an exception that arrives here along the link.
(define (main host port)
  (let ((node (make-node host (string->number port)))
        (me (self)))
    (print (begin
             (remote-spawn node (lambda () (! me 'boo)))
             (?)))
    (print (catch
             (lambda (exception) exception)
             (remote-spawn-link node (lambda () (raise 'error)))
             (? 2 'ok)))))
