;; Processes on another node (paper, section 4.8): one prints there and sends a
;; message home; one raises an exception, which arrives here along the link.
(define (main host port)
  (let ((node (make-node host (string->number port)))
        (me (self)))
    (remote-spawn node
      (lambda ()
        (print "a process from elsewhere runs here")
        (! me 'boo)))
    (print "it says " (?))
    (print "the linked one raises "
           (catch
             (lambda (exception) exception)
             (remote-spawn-link node (lambda () (raise 'error)))
             (? 60 'nothing)))))
