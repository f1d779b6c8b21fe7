;; What cannot travel to a process that has moved is refused as for one that was made there.
;; Arguments: megabytes of what is too large, host, port of a node; of a third one, whose process sends too.
(define (kind-of e) (if (error-object? e) (condition-kind e) e))

;; What `!` raises, or the next receive (behind the first 2 MB).
(define (outcome to message)
  (with-exception-catcher kind-of (lambda () (! to message) (recv (('exception-never) 'x) (after 60 'sent)))))

(define (echo who) (recv ((from 'ping) (! from 'pong)) (m (! who (list 'got (if (pair? m) (car m) m))))) (echo who))

(define (try name to me large)
  (print name ": " (outcome to large) " "
         (begin (! to (list me 'ping)) (recv ('pong 'alive) (('got x) (list 'got x)) (after 300 'silence)))))

;; What comes of an end: by the monitor, or by the link.
(define (news)
  (with-exception-catcher
   (lambda (e) (if (error-object? e) 'condition 'other))
   (lambda () (recv (('down tag pid ('exception e)) (if (error-object? e) 'down 'other)) (after 400 'nothing)))))

;; The same, sent by a process of another node.
(define (try-from node name to me megabytes)
  (print name ": " (on node (lambda () (outcome to (make-bytevector (* 1000000 (string->number megabytes)) 7)))) " "
         (begin (! to (list me 'ping)) (recv ('pong 'alive) (('got x) (list 'got x)) (after 30 'silence)))))

(define (main megabytes host port third-host third-port)
  (let* ((node (make-node host (string->number port)))
         (me (self)) (large (make-bytevector (* 1000000 (string->number megabytes)) 7))
         (far (remote-spawn node (lambda () (echo me))))
         (moved (spawn (lambda () (migrate node) (! me 'moved) (echo me)))))
    (recv ('moved (void)))
    (try "made there" far me large)
    (try "moved there" moved me large)
    (publish-service 'moved moved)
    (try "by name" (remote-service 'moved (current-node)) me large)
    (let* ((third (make-node third-host (string->number third-port))) (home (current-node))
           (walker (lambda places (let ((p (spawn (lambda () (for-each migrate places) (! me 'moved) (echo me))))) (recv ('moved p))))))
      (try "moved twice" (walker node third) me large)
      (try "moved around" (walker node third node) me large)
      (try-from node "moved back" (walker node home) me megabytes)
      (try-from node "moved to the sender" (walker third node) me megabytes)
      (try-from third "moved away from the sender" (walker third node) me megabytes))
    ;; the end of a process whose exception cannot travel reaches who has moved, by link and by monitor
    (let* ((ends (spawn (lambda () (recv ('end (raise (make-string (bytevector-length large) #\x)))))))
           (watcher (spawn (lambda ()
                             (monitor ends) (inbound-link ends) (migrate node) (! me 'moved)
                             (let* ((a (news)) (b (news))) (! me (list 'heard a b)))))))
      (recv ('moved (void)))
      (! ends 'end)
      (recv (('heard . l) (print "heard " (if (and (memq 'down l) (memq 'condition l)) "both" l))) (after 900 (print "heard nothing"))))
    (print "done")))
