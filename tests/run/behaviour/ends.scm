;; What is asked of processes that have ended, or end meanwhile; messages that nobody expects.
;; expect: cell-ref: the process that was asked has ended (noproc)
;; expect: dict-ref: the process that was asked has ended (noproc)
;; expect: bag-member?: the process that was asked has ended (noproc)
;; expect: pmap: the process that was asked has ended (noproc)
;; expect: pmap: a process has ended without a value
;; expect: pool-run: the task has ended three workers (killed)
;; expect: minimum-load: the process that was asked has ended (noproc)
;; expect: still here
;; expect: (warning: an event manager got a message that is no request junk)
;; expect: handler: (exception oops)
;; expect: (warning: a state machine got a message that is no event junk)
;; expect: in time
;; expect: machine: oops
;; expect: info: news
;; expect: then left for home
;; expect: answered
;; expect: machine: (match: no clause matches (5))
;; expect: 1 logger
;; expect: closed
;; expect: (a b b) (b)
(define (show e)
  (if (error-object? e)
      (print (error-object-message e) " " (error-object-irritants e))
      (print "raised " e)))
(define-syntax shown (syntax-rules () ((_ e) (catch show (print "no error: " e)))))
(define dead (spawn (lambda () 'done)))
(wait-for dead)
(shown (cell-ref dead))
(shown (dict-ref dead 'key))
(shown (bag-member? dead 'key))
(shown (pmap car '((1) (2)) dead))
(print (catch error-object-message (pmap (lambda (n) (if (= n 2) (halt!) n)) '(1 2 3)))) ; the reason: normal or noproc
(define pool (start-worker-pool (list (current-node)) 1 0))
(shown (pool-run pool (lambda () (terminate! (self)))))
(shown (dispatch (start-work-dispatcher dead) list))
(print (pool-run pool (lambda () "still here")))

;; A process that fails takes a manager along, whose handlers hear of it.
(define (fails-when-told) (recv ('fail (raise 'oops))))
(define (linked start)
  (let* ((me (self)) (tag (make-tag))
         (parent (spawn (lambda () (! me (list tag (start))) (fails-when-told)))))
    (recv ((,tag pid) (cons parent pid)))))
(define (fail pair) (! (car pair) 'fail) (wait-for (cdr pair)))
(define manager (linked event-manager:start-link))
(event-manager:add-handler
 (cdr manager)
 (make-event-handler void list list (lambda (reason state) (print "handler: " reason))))
(! (cdr manager) 'junk)
(event-manager:sync-notify (cdr manager) 'event)
(fail manager)

(define (plugin . info)
  (apply make-fsm-plugin
         (lambda () '(waiting home 0.05))
         (lambda (state event from data)
           (match event
             ('timeout (print "in time") (list 'next 'idle data))
             ('leave (list 'stop 'normal "answered" data))
             ('nonsense (match 5))))
         (lambda (reason state data)
           (match reason
             ('normal (print "then left for " data))
             (('exception e)
              (print "machine: " (if (error-object? e) (list (error-object-message e) (error-object-irritants e)) e)))))
         info))
(define machine (linked (lambda () (fsm-start-link (plugin)))))
(! (cdr machine) 'junk)
(thread-sleep! 0.1)
(fail machine)
(define other
  (fsm-start (plugin (lambda (message state data) (print "info: " message) (list 'next state data)))))
(! other 'news)
(let ((answer (fsm-call other 'leave)))
  (wait-for other)
  (print answer))
(wait-for (let ((m (fsm-start (plugin)))) (fsm-send m 'nonsense) m))

;; All that start the logger at the same time get the same one.
(define me (self))
(for-each (lambda (i) (spawn (lambda () (! me (log-start '()))))) (iota 20))
(print (length (delete-duplicates (map (lambda (i) (? 5)) (iota 20)))) " logger")
(log-start (list (make-log-handler 'info (lambda (event) (car event 5)) (lambda () (print "closed")))))
(log-info "text")
(log-sync)

;; One for all: a temporary child is stopped with the others, and not started again.
(define (child id restart)
  (make-child id (thunk-starter (lambda () (! me id) (recv ('fail (raise 'oops)) ('shutdown 'done)))) restart))
(define sup (supervisor-start 'one-for-all (list (child 'a 'temporary) (child 'b 'permanent))))
(! (cadr (assq 'b (supervisor-children sup))) 'fail)
(print (list (?) (?) (?)) " " (map car (supervisor-children sup)))
