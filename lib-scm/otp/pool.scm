;;; pool.scm: a pool of workers on several nodes, and a map that uses it.
;;;
;;; Messages to a pool: (from tag (run thunk)), (from tag (size)), (%started guard
;;; worker), (%ready worker), (%result worker status value), (%ended guard reason), (down
;;; ref pid reason), shutdown.

;; A worker: it asks for work, one task at a time, and ends with its pool.
(define (%pool-worker pool)
  (let ((ref (monitor pool)))
    (let loop ()
      (! pool (list '%ready (self)))
      (recv
        (('task thunk)
         (! pool (cons* '%result (self)
                        (with-exception-catcher
                         (lambda (exception) (list 'exception exception))
                         (lambda () (list 'value (thunk))))))
         (loop))
        (('down ,ref _ _) 'done)))))

;; idle: workers that wait. busy: worker -> task. tasks: those that wait. A task is
;; (from tag thunk ends); `ends`: how many workers have ended with it while their nodes were
;; there. refs: monitor of a guard -> (guard worker node reason); worker #f: it is started;
;; reason #f: it lives.
(define-record-type %pool
  (%make-pool idle busy tasks refs retry) %pool?
  (idle %pool-idle) (busy %pool-busy) (tasks %pool-tasks) (refs %pool-refs) (retry %pool-retry))

;; (start-worker-pool nodes [per-node [retry]]): the pid of a pool with `per-node` (1)
;; workers on each node of a list. A worker that ends, with its node or alone, is
;; started again, every `retry` seconds (1) until that succeeds; the task that it
;; had is given to another one: so a task may run more than once when nodes are lost. A
;; task that ends three workers is given up. Error: not a list of nodes, a count, a time.
(define start-worker-pool
  (case-lambda
    ((nodes) (start-worker-pool nodes 1 1))
    ((nodes per-node) (start-worker-pool nodes per-node 1))
    ((nodes per-node retry)
     (%check-nodes "start-worker-pool" nodes)
     (%check-count "start-worker-pool" per-node 1)
     (if (and (real? retry) (>= retry 0)) (void) (%wrong-type "start-worker-pool" retry))
     (spawn
      (lambda ()
        (%accept-shutdown #f)
        (%pool-loop
         (fold (lambda (node pool) (%pool-start pool node))
               (%make-pool '() (dict) (queue) (dict) retry)
               (append-map (lambda (node) (make-list per-node node)) nodes))))))))

;; A guard on the pool's own node starts the worker and ends with it.
(define (%pool-start pool node)
  (let* ((this (self)) (retry (%pool-retry pool))
         (guard (spawn
                 (lambda ()
                   (with-exception-catcher
                    (lambda (exception) (recv (after retry 'again)))
                    (lambda ()
                      (let ((worker (remote-spawn node (lambda () (%pool-worker this)))))
                        (! this (list '%started (self) worker))
                        (! this (list '%ended (self) (wait-for worker))))))))))
    (%with-refs pool (dict-set (%pool-refs pool) (monitor guard) (list guard #f node #f)))))

(define (%with-refs pool refs)
  (%make-pool (%pool-idle pool) (%pool-busy pool) (%pool-tasks pool) refs (%pool-retry pool)))
(define (%with-work pool idle busy tasks)
  (%make-pool idle busy tasks (%pool-refs pool) (%pool-retry pool)))

(define (%pool-loop pool)
  (recv
    (('%ready worker) (%pool-loop (%pool-idle-worker pool worker)))
    (('%result worker status value)
     (let ((task (dict-ref (%pool-busy pool) worker)))
       (if task (! (car task) (list (cadr task) (list status value))) (void))
       (%pool-loop (%with-work pool (%pool-idle pool) (dict-delete (%pool-busy pool) worker) (%pool-tasks pool)))))
    (('%started guard worker)
     (%pool-loop (%with-entry pool guard (lambda (entry) (list guard worker (caddr entry) #f)))))
    (('%ended guard reason)
     (%pool-loop (%with-entry pool guard (lambda (entry) (list guard (cadr entry) (caddr entry) reason)))))
    (('down ref _ _) (%pool-loop (%pool-lost pool ref)))
    ((from tag ('run thunk)) (%pool-loop (%pool-give pool (list from tag thunk 0))))
    ((from tag ('size))
     (! from (list tag (count cadr (dict-values (%pool-refs pool)))))
     (%pool-loop pool))
    ('shutdown 'done)))

;; The entry of a guard becomes (change entry).
(define (%with-entry pool guard change)
  (%with-refs pool
              (dict-fold (lambda (ref entry refs)
                           (if (eq? (car entry) guard) (dict-set refs ref (change entry)) refs))
                         (%pool-refs pool) (%pool-refs pool))))

(define (%pool-give pool task)
  (if (null? (%pool-idle pool))
      (%with-work pool '() (%pool-busy pool) (queue-push (%pool-tasks pool) task))
      (let ((worker (car (%pool-idle pool))))
        (! worker (list 'task (caddr task)))
        (%with-work pool (cdr (%pool-idle pool)) (dict-set (%pool-busy pool) worker task) (%pool-tasks pool)))))

(define (%pool-idle-worker pool worker)
  (let ((pool (%with-work pool (append (%pool-idle pool) (list worker)) (%pool-busy pool) (%pool-tasks pool))))
    (if (queue-empty? (%pool-tasks pool))
        pool
        (let ((task (queue-first (%pool-tasks pool))))
          (%pool-give (%with-work pool (%pool-idle pool) (%pool-busy pool) (queue-rest (%pool-tasks pool))) task)))))

(define (%pool-lost pool ref)
  (let ((entry (dict-ref (%pool-refs pool) ref)))
    (if (not entry)
        pool
        (let* ((worker (cadr entry)) (task (and worker (dict-ref (%pool-busy pool) worker)))
               (pool (%with-refs pool (dict-delete (%pool-refs pool) ref)))
               (pool (%with-work pool
                                 (filter (lambda (idle) (not (eq? idle worker))) (%pool-idle pool))
                                 (if worker (dict-delete (%pool-busy pool) worker) (%pool-busy pool))
                                 (%pool-tasks pool)))
               (pool (%pool-start pool (caddr entry))))
          (if task (%pool-again pool task (cadddr entry)) pool)))))

(define (%pool-again pool task reason)
  (let ((ends (+ (cadddr task) (if (memq reason '(#f noconnection noproc)) 0 1))))
    (cond ((< ends 3) (%pool-give pool (list (car task) (cadr task) (caddr task) ends)))
          (else
           (! (car task)
              (list (cadr task)
                    (list 'exception
                          (%make-condition 'error "pool-run: the task has ended three workers" (list reason)))))
           pool))))

;; (pool-run pool thunk [timeout [default]]): the value of (thunk), computed by a
;; worker of the pool. Error: what it raises; it has ended three workers; with a time the
;; symbol timeout, without one: the pool has ended. (pool-size pool): how many workers
;; there are at the moment. (pool-stop pool): the pool ends, and its workers when they have
;; done their tasks. Error: no pid.
(define pool-run
  (case-lambda
    ((pool thunk)
     (%check-procedure "pool-run" thunk)
     (%dispatched (%ask-living "pool-run" pool (list 'run thunk))))
    ((pool thunk timeout) (%dispatch "pool-run" pool 'run thunk timeout #f))
    ((pool thunk timeout default)
     (%dispatch "pool-run" pool 'run thunk timeout (list (list 'value default))))))
(define (pool-size pool) (%ask-living "pool-size" pool '(size)))
(define (pool-stop pool)
  (%check-pid "pool-stop" pool)
  (! pool 'shutdown))

;; (pmap proc list [pool]): (map proc list) with all calls at once: by the workers of
;; `pool`, or without one each in a process of this node. Error: the first exception
;; in the order of the list; a process that ends without a value; the pool has ended.
(define pmap
  (case-lambda
    ((proc objs)
     (%check-pmap proc objs)
     (let ((tasks (map (lambda (obj) (%spawn-task (lambda () (proc obj)))) objs)))
       (map %dispatched (%task-answers tasks))))
    ((proc objs pool)
     (%check-pmap proc objs)
     (%check-pid "pmap" pool)
     (let ((tags (map (lambda (obj) (%send-task pool (lambda () (proc obj)))) objs)))
       (map %dispatched
            (%await-all "pmap" pool tags))))))

(define (%check-pmap proc objs)
  (%check-procedure "pmap" proc)
  (%check-list "pmap" objs))

;; A process that computes (thunk): (tag . monitor).
(define (%spawn-task thunk)
  (let ((parent (self)) (tag (%call-tag)))
    (cons tag
          (monitor
           (spawn
            (lambda ()
              (! parent
                 (list tag
                       (with-exception-catcher
                        (lambda (exception) (list 'exception exception))
                        (lambda () (list 'value (thunk))))))))))))

;; The answers of all, in order; of those that are not taken nothing stays.
(define (%task-answers tasks)
  (dynamic-wind
   (lambda () (for-each (lambda (task) (%open-call (car task))) (reverse tasks)))
   (lambda () (map %task-answer tasks))
   (lambda ()
     (for-each (lambda (task) (%end-call (car task)) (demonitor (cdr task))) tasks))))

(define (%task-answer task)
  (let ((tag (car task)) (ref (cdr task)))
    (recv
      ((,tag answer)
       (%close-call tag)
       answer)
      (('down ,ref _ reason)
       (list 'exception
             (%make-condition 'error "pmap: a process has ended without a value" (list reason)))))))

(define (%send-task pool thunk)
  (let ((tag (%call-tag)))
    (! pool (list (self) tag (list 'run thunk)))
    tag))
