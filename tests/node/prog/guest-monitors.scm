;; A process away from home monitors processes of the node where it is: it hears why they ended, though they end at once,
;; its `down` comes in front of the exception of a link, and nothing after `demonitor`. They end when they are told to: a
;; process that is spawned may run at once, and be gone when it is monitored.
(define (down-of p)
  (let ((ref (monitor p)))
    (! p 'go)
    (recv (('down ,ref _ reason) reason) (after 20 'silence))))

(define (killed-at-once)
  (let* ((p (spawn (lambda () (?))))
         (ref (monitor p)))
    (terminate! p)
    (recv (('down ,ref _ reason) reason) (after 20 'silence))))

(define (linked)
  (catch (lambda (e) (list 'exception-first e))
    (let* ((p (spawn-link (lambda () (recv ('go (raise 'oops))))))
           (reason (down-of p)))
      (catch (lambda (e) (list reason 'then e)) (? 20 'silence)))))

(define (not-any-more)
  (let* ((p (spawn (lambda () (recv ('go 'done)))))
         (ref (monitor p))
         (other (monitor p)))
    (demonitor ref)
    (! p 'go)
    (recv (('down ,other _ _) #t))
    (recv (('down ,ref _ _) 'heard) (after 0.2 'quiet))))

(define (tour node report)
  (migrate node)
  (report (down-of (spawn (lambda () (recv ('go 'done))))))
  (report (down-of (spawn (lambda () (recv ('go (raise 'boom)))))))
  (report (down-of (let ((p (spawn (lambda () 'gone)))) (? 0.05 #f) p)))
  (report (killed-at-once))
  (report (linked))
  (report (not-any-more)))

(define (main host port)
  (let* ((me (self))
         (node (make-node host (string->number port)))
         (p (spawn (lambda () (tour node (lambda (x) (! me (list 'said x))))))))
    (monitor p)
    (let loop ()
      (recv
        (('said x) (print x) (loop))
        (('down _ _ reason) (print "tour " reason))))))
