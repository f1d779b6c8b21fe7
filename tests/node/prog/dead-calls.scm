;; Calls to what is known to be dead, or out of reach, on another node: they end long before their time.
;; Arguments: host and port of a node, a port at which nobody listens.
(define (outcome thunk) (with-exception-catcher (lambda (e) e) thunk))
(define patience 100)

;; What both kinds of calls raise, and the default.
(define (try name pid)
  (let ((start (current-jiffy)))
    (print name " "
           (outcome (lambda () (!? pid 'x patience))) " "
           (outcome (lambda () (!? pid 'x patience 'default))) " "
           (outcome (lambda () (generic-server-call pid 'x patience))) " "
           (outcome (lambda () (generic-server-call pid 'x patience 'default))))
    (note name start)))
(define (note name start)
  (if (get-environment-variable "TIMES") (print name " ms " (quotient (- (current-jiffy) start) 1000000)) (void)))

(define (ended pid) (wait-for pid) pid)
(define (taker) (recv ((from tag x) 'taken)))

(define (main host port closed)
  (let* ((node (make-node host (string->number port))) (home (current-node)) (me (self))
         (nowhere (make-node host (string->number closed)))
         (try-new (lambda (name start)
                    (let ((begun (current-jiffy)))
                      (print name " " (outcome (lambda () (!? (start) 'x patience))) " "
                             (outcome (lambda () (!? (start) 'x patience 'default))) " "
                             (outcome (lambda () (generic-server-call (start) 'x patience))))
                      (note name begun)))))
    ;; the first call to that node: its connection is tried for 4 seconds
    (print "refuses at first " (outcome (lambda () (!? (remote-service 'server nowhere) 'x 3))))
    (try "refuses" (remote-service 'server nowhere))
    (try "no name" (remote-service 'nobody node))
    (try "dead" (ended (remote-spawn node void)))
    (try "moved" (ended (spawn (lambda () (migrate node)))))
    (try "back" (ended (spawn (lambda () (migrate node) (migrate home)))))
    (let ((guest (remote-spawn node (lambda () (migrate home)))))
      (try "guest" (ended guest)))
    (try-new "dies" (lambda () (remote-spawn node taker)))
    (try-new "dies after a while" (lambda () (remote-spawn node (lambda () (recv ((from tag x) (thread-sleep! 0.1)))))))
    (try-new "dies as a guest" (lambda () (let ((p (spawn (lambda () (migrate node) (! me 'moved) (taker))))) (recv ('moved p)))))
    (try-new "dies when it moves" (lambda () (spawn (lambda () (recv ((from tag x) (migrate node) (exit! (self) 'killed)))))))
    (try-new "named" (lambda ()
                       (let ((p (remote-spawn node taker)))
                         (on node (lambda () (publish-service 'taker p)))
                         (remote-service 'taker node))))
    ;; an answer that was sent before the end
    (print "last words "
           (!? (let ((p (spawn (lambda () (migrate node) (! me 'moved) (recv ((from tag x) (! from (list tag 'bye))))))))
                 (recv ('moved p)))
               'x patience))
    ;; a node that is lost
    (let ((victim (remote-spawn node (lambda () (recv ('never 1))))))
      (print "ready")
      (print "lost " (outcome (lambda () (!? victim 'x patience))))
      (try "gone" victim)
      (try "gone name" (remote-service 'nobody node)))))
