;; A process made on the node that serves moves here; then its home is killed.
(define (main host port)
  (let* ((home (make-node host (string->number port)))
         (here (current-node))
         (me (self))
         (guest (remote-spawn home
                  (lambda ()
                    (let ((old (self)))
                      (full-link me)
                      (migrate here)
                      (! me 'here)
                      (let ((heard (with-exception-catcher
                                     (lambda (exception) exception)
                                     (lambda () (recv ('never 'never))))))
                        (! me (list 'guest-heard (car heard) (not (eq? old (self))) (self)))
                        (recv ((from tag 'answer?) (! from (list tag 'yes))))))))))
    (recv ('here (print "the guest is here")))
    (print "the watcher heard "
      (car (with-exception-catcher
             (lambda (exception) exception)
             (lambda () (recv ('never 'never))))))
    (recv
      (('guest-heard what new? pid)
       (print "the guest heard " what)
       (print "another pid: " new?)
       (print "it answers: " (!? pid 'answer? 60 'no))))))
