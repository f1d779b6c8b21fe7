;; Faults around servers and supervisors: who goes with whom, limits, calls that get no answer in time.
;; expect: busy child, killed supervisor: killed
;; expect: child that catches all: killed
;; expect: tree: killed killed
;; expect: (info: starting up supervised process)
;; expect: worker of spawn-thunk-supervised: killed
;; expect: (restart-limit loop boom) after 4 starts
;; expect: dead: late
;; expect: dead: raised noproc
;; expect: slow: late
;; expect: then: 2 3
;; expect: killed while it is asked: late
;; expect: make-child: wrong type of argument (fast)
;; expect: supervisor: the start of a child gave no pid (x 5)
;; expect: #t
;; expect: start fails: (oops)
;; expect: generic-server-call: wrong type of argument (5)
;; expect: make-generic-server-plugin: wrong type of argument (1)
;; expect: fsm-send: wrong type of argument (m)
;; expect: event-manager:add-handler: wrong type of argument (h)
;; expect: supervisor-count: wrong type of argument (none)
;; expect: remote-starter: wrong type of argument (())
;; expect: start-worker-pool: wrong type of argument (node)
;; expect: supervisor-count: the process that was asked has ended (noproc)
;; expect: pool-size: the process that was asked has ended (noproc)
;; expect: group-join: wrong type of argument (none)
(define (end-of pid) (let ((ref (monitor pid))) (recv (('down ,ref _ reason) reason) (after 5 'lives))))
(define (forever) (let loop ((i 0)) (loop (remainder (+ i 1) 1000))))
(define (pid-of sup id) (cadr (assoc id (supervisor-children sup))))

;; A supervisor that is killed takes its children along: one that never receives, one
;; that catches every exception, and those of a supervisor below.
(define (kill-with thunk)
  (let* ((sup (supervisor-start 'one-for-one (list (make-child 'c (thunk-starter thunk) 'permanent 0.05))))
         (child (pid-of sup 'c)))
    (terminate! sup)
    (end-of child)))
(print "busy child, killed supervisor: " (kill-with forever))
(define (stubborn) (catch (lambda (e) 'caught) (recv ('never 'done))) (stubborn))
(print "child that catches all: " (kill-with stubborn))
(let* ((inner (lambda () (supervisor-start 'one-for-one (list (make-child 'leaf (thunk-starter forever) 'permanent 0.05)))))
       (outer (supervisor-start 'one-for-all (list (make-child 'inner inner 'permanent #f))))
       (middle (pid-of outer 'inner))
       (leaf (pid-of middle 'leaf)))
  (terminate! middle)
  (let ((first (end-of leaf)))
    (let wait () (if (and (pid? (pid-of outer 'inner)) (not (eq? (pid-of outer 'inner) middle))) 'new (begin (thread-sleep! 0.01) (wait))))
    (let ((leaf (pid-of (pid-of outer 'inner) 'leaf)))
      (terminate! outer)
      (print "tree: " first " " (end-of leaf)))))
(define parent (self))
(let ((sup (spawn-thunk-supervised (lambda () (! parent (list 'worker (self))) (forever)) 5 10 0.05)))
  (let ((worker (recv (('worker pid) pid))))
    (terminate! sup)
    (recv (message (where (string? message)) message) (after 0 'none))
    (print "worker of spawn-thunk-supervised: " (end-of worker))))

;; A child in a crash loop: 3 restarts, then the supervisor gives up and says why.
(define starts (make-cell 0))
(let ((sup (supervisor-start 'one-for-one
                             (list (make-child 'loop (thunk-starter (lambda () (cell-set! starts (+ 1 (cell-ref starts))) (raise 'boom)))))
                             3 10)))
  (match (end-of sup)
    (('exception ('restart-limit id ('exception what)))
     (print (list 'restart-limit id what) " after " (cell-ref starts) " starts"))))

;; Calls: to a dead server, a slow one, one that is killed meanwhile.
(define plugin
  (make-generic-server-plugin
   (lambda () 0)
   (lambda (term from state)
     (if (eq? term 'hang) (thread-sleep! 0.1) (void))
     (if (eq? term 'die) (terminate! (self)) (void))
     (list 'reply (+ state 1) (+ state 1)))
   (lambda (term state) (list 'noreply state))
   (lambda (reason state) (void))))
(define dead (generic-server-start plugin))
(generic-server-stop dead)
(print "dead: " (generic-server-call dead 'next 0.01 'late))
(print "dead: raised " (catch (lambda (e) e) (generic-server-call dead 'next 0.01)))
(define server (generic-server-start plugin))
(print "slow: " (generic-server-call server 'hang 0.01 'late))
(let* ((second (generic-server-call server 'next)) (third (generic-server-call server 'next)))
  (print "then: " second " " third))
(print "killed while it is asked: " (generic-server-call server 'die 0.01 'late))

;; Bad arguments are named.
(define (message-of thunk)
  (catch (lambda (e)
           (let ((text (error-object-message e)) (irritants (error-object-irritants e)))
             (string-append text " " (object->string irritants))))
         (thunk)))
(define (object->string obj) (call-with-output-string (lambda (port) (display obj port))))
(print (message-of (lambda () (make-child 'a (lambda () 5) 'permanent 'fast))))
(print (message-of (lambda () (supervisor-start 'one-for-one (list (make-child 'x (lambda () 5)))))))
(publish-service (quote faults) (self))
(print (equal? (assq (quote faults) (published-services)) (cons (quote faults) (self))))
(print "start fails: " (catch list (supervisor-start 'one-for-one (list (make-child 'x (lambda () (raise 'oops)))))))
(for-each
 (lambda (thunk) (print (message-of thunk)))
 (list (lambda () (generic-server-call 5 'x))
       (lambda () (make-generic-server-plugin 1 2 3 4))
       (lambda () (fsm-send 'm 'x))
       (lambda () (event-manager:add-handler (self) 'h))
       (lambda () (supervisor-count 'none))
       (lambda () (remote-starter '() forever))
       (lambda () (start-worker-pool 'node))
       (lambda () (supervisor-count dead))
       (lambda () (pool-size dead))
       (lambda () (group-join 'g 'none))))
