;; Floods a process of another node that reads nothing for some seconds: its sender waits,
;; both nodes stay small and go on with other work. Arguments: host, port, messages of
;; 1000 bytes, seconds.
(define (sleeper left seconds from)
  (recv ('never #t) (after seconds #f))
  (let loop ((left left))
    (if (= left 0)
        (! from 'all)
        (recv (('blob _) (loop (- left 1)))))))

(define (send-all to message n)
  (if (> n 0)
      (begin
        (! to message)
        (send-all to message (- n 1)))))

(define (main host port messages seconds)
  (let* ((node (make-node host (string->number port)))
         (messages (string->number messages))
         (me (self))
         (slow (remote-spawn node (lambda () (sleeper messages (string->number seconds) me)))))
    (spawn (lambda () (send-all slow (list 'blob (make-bytevector 1000 1)) messages)))
    (print "answers " (on node (lambda () 42) 60 'late))
    (recv ('all (print "all")) (after 600 (print "lost")))))
