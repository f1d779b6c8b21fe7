;; Links, monitors, ends and timeouts of processes that are guests on another node.
(define (say . objects) (apply print objects))

;; A process that moves to `node` and does (body) there.
(define (guest node body)
  (spawn (lambda () (migrate node) (body))))

(define (reason-of pid)
  (let ((ref (monitor pid)))
    (recv (('down ,ref _ reason) reason))))

(define (wait) (recv ('go 'gone)))

;; What the linked process raises here.
(define (raised-by thunk)
  (with-exception-catcher
    (lambda (exception) exception)
    (lambda () (thunk) (recv (after 60 'nothing)))))

(define (main host port)
  (let ((node (make-node host (string->number port)))
        (home (current-node))
        (me (self)))
    (ping node)
    (say "normal: " (reason-of (guest node (lambda () 1))))
    (say "exception: " (reason-of (guest node (lambda () (exit! (self) '(gone wrong))))))
    (let ((p (guest node wait)))
      (say "alive: " (alive? p))
      (let ((ref (monitor p)))
        (terminate! p)
        (say "terminated: " (recv (('down ,ref _ reason) reason))))
      (say "dead: " (alive? p)))
    (say "linked: "
      (raised-by (lambda () (spawn-link (lambda () (migrate node) (raise 'thrown-there))))))
    (say "linked from there: "
      (raised-by (lambda () (guest node (lambda () (full-link me) (raise 'also-thrown))))))
    (let ((p (guest node (lambda () (full-link me) (unlink me) (! me 'unlinked) (wait) (raise 'not-heard)))))
      (say (recv ('unlinked 'unlinked)))
      (! p 'go)
      (say "after unlink: " (reason-of p) " " (? 0.1 'nothing)))
    ;; a guest hears of others: of one at home, of one where it is, of one that it has made there
    (let ((victim (spawn wait)))
      (guest node
        (lambda ()
          (let ((ref (monitor victim)))
            (! me 'watching)
            (recv (('down ,ref _ reason) (! me (list 'heard reason)))))))
      (recv ('watching (! victim 'go)))
      (say "heard of home: " (recv (('heard reason) reason))))
    (guest node
      (lambda ()
        (let ((child (spawn (lambda () (recv ('go (raise 'child-error)))))))
          (inbound-link child)
          (let ((seen (with-exception-catcher
                        (lambda (exception) exception)
                        (lambda () (! child 'go) (recv (after 60 'nothing))))))
            (! me (list 'heard seen))))))
    (say "heard of its neighbour: " (recv (('heard what) what)))
    (guest node
      (lambda ()
        (! me (list 'heard
                (raised-by (lambda () (spawn-link (lambda () (raise 'linked-child)))))))))
    (say "heard of its child: " (recv (('heard what) what)))
    (guest node
      (lambda ()
        (! me (list 'heard
                (raised-by (lambda () (remote-spawn-link home (lambda () (raise 'far-child)))))))))
    (say "heard of its far child: " (recv (('heard what) what)))
    ;; the child of a guest hears of the guest
    (guest node
      (lambda ()
        (let ((parent (self)))
          (spawn-link
            (lambda ()
              (! me (list 'heard (raised-by (lambda () (! parent 'go)))))))
          (wait)
          (raise 'parent-error))))
    (say "the child heard: " (recv (('heard what) what)))
    ;; links made before the move
    (let ((watched (spawn wait)))
      (let ((p (spawn (lambda ()
                        (let ((ref (monitor watched)))
                          (migrate node)
                          (! me 'ready)
                          (recv (('down ,ref _ reason) (migrate home) (! me (list 'heard reason)))))))))
        (recv ('ready (! watched 'go)))
        (say "heard after the move: " (recv (('heard what) what)))))
    (let ((ref (monitor (guest node wait))))
      (demonitor ref)
      (say "demonitored: " (? 0 'nothing)))
    ;; a monitor of a node stays where it was made
    (guest node (lambda () (monitor-node home) (migrate home) (! me (list 'heard 'nothing-more))))
    (say "back: " (recv (('heard what) what)))
    ;; a timeout that began before the move does not begin again
    (let* ((start (current-jiffy))
           (p (spawn (lambda ()
                       (recv (x (where (begin (migrate (if (eq? x 'there) node home)) (eq? x 'never))) x)
                             (after 0.5 (! me 'late))))))
           (mover (spawn (lambda () (let move () (! p 'there) (? 0.1 #f) (! p 'back) (? 0.1 #f) (move))))))
      (recv ('late (terminate! mover)))
      (let ((ms (quotient (- (current-jiffy) start) 1000000)))
        (say "timeout of a guest: " (if (>= ms 500) 'ok ms))))))
