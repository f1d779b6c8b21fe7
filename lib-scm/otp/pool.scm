;;; pool.scm: a pool of workers on several nodes, and a map that uses it.
;;;
;;; Messages to a pool: (from tag (run thunk)), (from tag (size)), (%ready worker
;;; ref?), (%result worker status value), (down ref pid reason), shutdown.

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
;; (from tag thunk). refs: monitor -> (worker . node), worker #f while it is started.
(define-record-type %pool
  (%make-pool idle busy tasks refs retry) %pool?
  (idle %pool-idle) (busy %pool-busy) (tasks %pool-tasks) (refs %pool-refs) (retry %pool-retry))

;; (start-worker-pool nodes [per-node [retry]]): the pid of a pool with `per-node` (1)
;; workers on each node of a list. A worker that ends, with its node or alone, is
;; started again, every `retry` seconds (1) until that succeeds; the task that it
;; had is given to another one: so a task may run more than once when nodes are lost.
(define start-worker-pool
  (case-lambda
    ((nodes) (start-worker-pool nodes 1 1))
    ((nodes per-node) (start-worker-pool nodes per-node 1))
    ((nodes per-node retry)
     (%check-nodes "start-worker-pool" nodes)
     (if (and (exact-integer? per-node) (> per-node 0)) (void) (%wrong-type "start-worker-pool" per-node))
     (if (and (real? retry) (>= retry 0)) (void) (%wrong-type "start-worker-pool" retry))
     (spawn
      (lambda ()
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
                        (wait-for worker))))))))
    (%with-refs pool (dict-set (%pool-refs pool) (monitor guard) (list guard #f node)))))

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
     (%pool-loop (%with-refs pool (%note-worker (%pool-refs pool) guard worker))))
    (('down ref _ _) (%pool-loop (%pool-lost pool ref)))
    ((from tag ('run thunk)) (%pool-loop (%pool-give pool (list from tag thunk))))
    ((from tag ('size))
     (! from (list tag (count cadr (dict-values (%pool-refs pool)))))
     (%pool-loop pool))
    ('shutdown 'done)))

(define (%note-worker refs guard worker)
  (dict-fold (lambda (ref entry refs)
               (if (eq? (car entry) guard) (dict-set refs ref (list guard worker (caddr entry))) refs))
             refs refs))

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
          (if task (%pool-give pool task) pool)))))

;; (pool-run pool thunk [timeout [default]]): the value of (thunk), computed by a
;; worker of the pool. Error: what it raises; the symbol timeout; the pool has ended. (pool-size pool):
;; how many workers there are at the moment. (pool-stop pool): the pool ends, and its
;; workers when they have done their tasks.
(define pool-run
  (case-lambda
    ((pool thunk) (%dispatched (%ask-living "pool-run" pool (list 'run (%thunk "pool-run" thunk)))))
    ((pool thunk timeout) (%dispatched (!? pool (list 'run (%thunk "pool-run" thunk)) timeout)))
    ((pool thunk timeout default) (%dispatched (!? pool (list 'run (%thunk "pool-run" thunk)) timeout (list 'value default))))))
(define (pool-size pool) (%ask-living "pool-size" pool '(size)))
(define (pool-stop pool) (! pool 'shutdown))

;; (pmap proc list [pool]): (map proc list) with all calls at once: by the workers of
;; `pool`, or without one each in a process of this node. Error: the first exception
;; in the order of the list.
(define pmap
  (case-lambda
    ((proc objs) (%pmap (lambda (obj) (lambda () (proc obj))) objs #f))
    ((proc objs pool) (%pmap (lambda (obj) (lambda () (proc obj))) objs pool))))

(define (%pmap task-of objs pool)
  (let* ((parent (self))
         (tags (map
                (lambda (obj)
                  (let ((tag (make-tag)) (thunk (task-of obj)))
                    (if pool
                        (! pool (list parent tag (list 'run thunk)))
                        (spawn
                         (lambda ()
                           (! parent
                              (list tag
                                    (with-exception-catcher
                                     (lambda (exception) (list 'exception exception))
                                     (lambda () (list 'value (thunk)))))))))
                    tag))
                objs))
         (answers (map (lambda (tag) (recv ((,tag answer) answer))) tags)))
    (map %dispatched answers)))
