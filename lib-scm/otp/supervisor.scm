;;; supervisor.scm: processes that start others, notice when they end, and start
;;; them again.
;;;
;;; A supervisor monitors its children, so it hears of every end. However it ends
;;; itself, it takes them along: children of its node are linked with it (they get its
;;; exception), and a reaper, which knows them, ends those that do not listen; next to
;;; each child on another node is a leash, which does the same when the supervisor, or
;;; its node, is gone. Messages: (from tag (%supervisor request)), the symbol shutdown.

;; Asks a process to end by the message shutdown; terminates it when it has not ended
;; after `delay` seconds (0: at once, #f: never). Returns when it has ended.
(define (%end-process-in pid delay)
  (%end-monitored pid (monitor pid) delay))
(define (%end-monitored pid ref delay)
  (if (eqv? delay 0) (terminate! pid) (! pid 'shutdown))
  (recv
    (('down ,ref _ _) (void))
    (after (if (eqv? delay 0) #f delay)
      (terminate! pid)
      (recv (('down ,ref _ _) (void))))))

;; Lives as long as the process `child`, and ends that when `supervisor` has ended.
(define (%leash supervisor child delay)
  (let ((above (monitor supervisor)) (below (monitor child)))
    (recv
      (('down ,below _ _) (void))
      (('down ,above _ _) (%end-monitored child below delay)))))

;;; ---- one process, under its own pid (paper, 5.3) ----------------------

;; (spawn-thunk-supervised thunk [max-restarts [period [shutdown-delay]]]): the pid
;; of a supervisor that runs `thunk` in a worker process, and hands all messages on
;; to it. When the worker fails it is started again; after more than `max-restarts`
;; (5) failures in `period` seconds (10) the supervisor gives up and ends with the
;; last failure. The message shutdown is for the supervisor: it asks the worker to
;; end, by (from tag shutdown) and the message shutdown, and terminates it when it
;; has not ended after `shutdown-delay` seconds (1). A worker that returns ends its
;; supervisor. Error: not a procedure, a count, a time.
(define spawn-thunk-supervised
  (case-lambda
    ((thunk) (spawn-thunk-supervised thunk 5 10 1))
    ((thunk max-restarts) (spawn-thunk-supervised thunk max-restarts 10 1))
    ((thunk max-restarts period) (spawn-thunk-supervised thunk max-restarts period 1))
    ((thunk max-restarts period shutdown-delay)
     (%check-procedure "spawn-thunk-supervised" thunk)
     (%check-count "spawn-thunk-supervised" max-restarts 0)
     (%check-interval "spawn-thunk-supervised" period)
     (%check-timeout "spawn-thunk-supervised" shutdown-delay)
     (spawn (lambda () (%supervise thunk (%restarts max-restarts period) shutdown-delay))))))

(define (%supervise thunk restarts delay)
  (info "starting up supervised process")
  (%accept-shutdown #f)
  (let* ((this (self)) (worker (spawn thunk)) (ref (monitor worker)))
    (%supervised! worker)
    (outbound-link worker)
    (spawn (lambda () (%leash this worker delay)))
    (%supervise-worker thunk restarts delay worker ref)))

(define (%supervise-worker thunk restarts delay worker ref)
  (recv
    (('down ,ref _ reason) (%supervise-down thunk restarts delay reason))
    ('shutdown
     (! worker 'shutdown)
     (recv
       (('down ,ref _ _) (info "process has ended"))
       (after delay
         (info "had to terminate the process")
         (terminate! worker)))
     (info "halting supervisor"))
    (message
     (! worker message)
     (%supervise-worker thunk restarts delay worker ref))))

(define (%supervise-down thunk restarts delay reason)
  (if (eq? reason 'normal)
      (info "process has ended")
      (let ((next (%note-restart restarts)))
        (info "process failed")
        (if next
            (begin
              (info "restarting...")
              (%supervise thunk next delay))
            (begin
              (info "too many failures: halting supervisor")
              (exit! (self) (%reason->object reason)))))))

;; What linked processes get for the reason of a monitor.
(define (%reason->object reason)
  (match reason
    (('exception obj) obj)
    (other other)))

;; (%restarts most period): a count of restarts. (%note-restart restarts): with
;; one more now, or #f when there are too many in the period.
(define (%restarts most period) (list most period))
(define (%note-restart restarts)
  (let* ((most (car restarts))
         (now (current-jiffy))
         (start (- now (* (cadr restarts) (jiffies-per-second))))
         (recent (filter (lambda (time) (> time start)) (cddr restarts))))
    (if (< (length recent) most)
        (cons* most (cadr restarts) now recent)
        #f)))

;;; ---- several children -------------------------------------------------

;; (make-child id start [restart [shutdown]]): what a supervisor needs to know of a
;; child. `id`: any object, compared by equal?. `start`: a procedure which the
;; supervisor calls, and which gives the pid of a new process, as
;; (lambda () (generic-server-start plugin)) does; (thunk-starter thunk) makes one.
;; `restart`: permanent (default: always started again), transient (only after a
;; failure), temporary (never). `shutdown`: seconds that it has to end after the
;; message shutdown (5), 0: it is terminated at once, #f: as long as it takes (for
;; supervisors).
(define-record-type child
  (%make-child id start restart shutdown) child?
  (id child-id) (start child-start) (restart child-restart) (shutdown child-shutdown))
(define make-child ; Error: not a procedure, not such a symbol, not a time
  (case-lambda
    ((id start) (make-child id start 'permanent 5))
    ((id start restart) (make-child id start restart 5))
    ((id start restart shutdown)
     (if (procedure? start) (void) (%wrong-type "make-child" start))
     (if (memq restart '(permanent transient temporary)) (void) (%wrong-type "make-child" restart))
     (if shutdown (%check-interval "make-child" shutdown) (void))
     (%make-child id start restart shutdown))))

;; (thunk-starter thunk): starts a process that runs `thunk` (of what arguments the
;; starter gets). Error: not a procedure.
(define (thunk-starter thunk)
  (%check-procedure "thunk-starter" thunk)
  (lambda args (spawn (lambda () (apply thunk args)))))

;; (remote-starter nodes thunk): the same on other nodes: each start is on the node
;; behind the last one in the list, round and round; nodes that cannot be reached are
;; passed over. So a child whose node is lost goes on elsewhere. Error, of the start:
;; noconnection, when none can be reached; what a node refuses.
(define (remote-starter nodes thunk)
  (if (and (pair? nodes) (every node? nodes)) (void) (%wrong-type "remote-starter" nodes))
  (%check-procedure "remote-starter" thunk)
  (let ((turn (make-cell nodes)))
    (lambda args
      (%start-on-next turn (length nodes) (lambda () (apply thunk args))))))

(define (%start-on-next turn left thunk)
  (let* ((nodes (cell-ref turn)) (node (car nodes)))
    (cell-set! turn (append (cdr nodes) (list node)))
    (let ((pid (with-exception-catcher
                (lambda (exception)
                  (if (and (noconnection-error? exception) (> left 1)) #f (raise exception)))
                (lambda () (remote-spawn node thunk)))))
      (or pid (%start-on-next turn (- left 1) thunk)))))

;; A child that runs: its description, pid, monitor, and the arguments with which
;; it was started. pid #f: it does not run.
(define-record-type %running
  (%make-running child pid ref args) %running?
  (child %running-child) (pid %running-pid) (ref %running-ref) (args %running-args))

;; What does not change in a supervisor.
(define-record-type %policy
  (%make-policy strategy template parent reaper outer) %policy?
  (strategy %policy-strategy) (template %policy-template) (parent %policy-parent)
  (reaper %policy-reaper) (outer %policy-outer)) ; outer: the handlers around the supervisor

;; (supervisor-start strategy children [max-restarts [period]]): the pid of a new
;; supervisor, after all children have been started, in order. `strategy`, what
;; happens when a child has ended that is to be started again:
;;   one-for-one         it is
;;   one-for-all         all others are stopped, and all started again
;;   rest-for-one        the same for those that were started after it
;;   simple-one-for-one  as one-for-one; `children` is a list of one description, of
;;                       which supervisor-start-child makes any number
;; After more than `max-restarts` (3) restarts in `period` seconds (5) the supervisor
;; stops all children and ends with the reason (restart-limit id reason). A supervisor
;; that is killed, or fails, takes its children along: they get its exception and the
;; message shutdown, and are terminated when their time for that is over. A child on
;; another node that is lost has ended with the reason noconnection.
;; (supervisor-start-link ...): the same, linked with the caller: an exception of
;; that ends the supervisor and its children. Error: what a `start` raises; a description
;; that is none, or two with the same id; not such a strategy, count, time.
(define supervisor-start
  (case-lambda
    ((strategy children) (%supervisor-start "supervisor-start" spawn strategy children 3 5))
    ((strategy children most) (%supervisor-start "supervisor-start" spawn strategy children most 5))
    ((strategy children most period) (%supervisor-start "supervisor-start" spawn strategy children most period))))
(define supervisor-start-link
  (case-lambda
    ((strategy children) (%supervisor-start "supervisor-start-link" spawn-link strategy children 3 5))
    ((strategy children most) (%supervisor-start "supervisor-start-link" spawn-link strategy children most 5))
    ((strategy children most period) (%supervisor-start "supervisor-start-link" spawn-link strategy children most period))))

(define (%supervisor-start who spawner strategy children most period)
  (if (memq strategy '(one-for-one one-for-all rest-for-one simple-one-for-one))
      (void)
      (%wrong-type who strategy))
  (%check-children who children)
  (%check-count who most 0)
  (%check-interval who period)
  (let ((parent (self)) (is-simple (eq? strategy 'simple-one-for-one)))
    (if (and is-simple (not (= (length children) 1)))
        (error (string-append who ": simple-one-for-one needs one description") children)
        (void))
    (%start-and-wait
     spawner
     (lambda (started)
       (let* ((policy (%make-policy strategy (and is-simple (car children)) parent (%start-reaper) (%handlers)))
              (family (if is-simple %empty-family (%start-all policy children %empty-family))))
         (%accept-shutdown #f)
         (started)
         (%supervisor-loop policy family (%restarts most period)))))))

(define (%check-children who children)
  (%check-list who children)
  (fold (lambda (child ids)
          (if (child? child) (void) (%wrong-type who child))
          (if (set-member? ids (child-id child))
              (error (string-append who ": two children with the same id") (child-id child))
              (set-add ids (child-id child))))
        (set) children)
  (void))

;;; The reaper: a process that gets every new family (a value, by reference), and ends
;;; all that is left of the last one when the supervisor has ended.

(define (%start-reaper)
  (let ((supervisor (self)))
    (spawn (lambda () (%reap (monitor supervisor) %empty-family)))))

(define (%reap ref family)
  (recv
    (('down ,ref _ _)
     (for-each (lambda (entry)
                 (let ((running (cdr entry)))
                   (if (%running-pid running)
                       (spawn (lambda ()
                                (%end-process-in (%running-pid running) (child-shutdown (%running-child running)))))
                       (void))))
               (%family-entries family)))
    ('done (void))
    (family (%reap ref family))))

;; The family, known to the reaper.
(define (%told policy family)
  (! (%policy-reaper policy) family)
  family)

;;; The family: all children. By monitor (a dictionary: an end is found without a
;;; search), and in the order of their starts (numbers, newest last).

(define-record-type %family
  (%make-family by-ref next) %family?
  (by-ref %family-by-ref) (next %family-next))
(define %empty-family (%make-family (dict) 0))

;; An entry of the dictionary is (number . running); a child that does not run has
;; a fresh tag for a monitor.
(define (%family-add family number running)
  (%make-family (dict-set (%family-by-ref family) (%running-ref running) (cons number running))
                (max (+ number 1) (%family-next family))))
(define (%family-append family running)
  (%family-add family (%family-next family) running))
(define (%family-remove family running)
  (%make-family (dict-delete (%family-by-ref family) (%running-ref running)) (%family-next family)))
(define (%family-find family ref) (dict-ref (%family-by-ref family) ref #f))
;; Entries, the oldest first.
(define (%family-entries family)
  (sort (dict-values (%family-by-ref family)) (lambda (a b) (< (car a) (car b)))))
(define (%family-search family id)
  (find (lambda (entry) (equal? id (child-id (%running-child (cdr entry)))))
        (dict-values (%family-by-ref family))))

;;; ---- starting and stopping children -----------------------------------

(define (%start-child child args)
  (let ((pid (apply (child-start child) args)))
    (if (pid? pid) (void) (error "supervisor: the start of a child gave no pid" (child-id child) pid))
    (let ((ref (monitor pid)))
      (unlink pid) ; the monitor tells of its end
      (%supervised! pid)
      (%tie pid (child-shutdown child))
      (%make-running child pid ref args))))

;; The child is to end with this process. No link with a process that has ended, or is
;; on another node: its loss would be raised here, wherever this process waits.
(define (%tie pid delay)
  (cond ((%alive? pid) (%outbound-link pid))
        ((%here? (pid-node pid)) (void))
        (else
         (let ((this (self)))
           (spawn
            (lambda ()
              (with-exception-catcher
               void
               (lambda () (remote-spawn (pid-node pid) (lambda () (%leash this pid delay)))))))))))

;; When one cannot be started, those before it are stopped and its failure raised.
(define (%start-all policy children family)
  (if (null? children)
      family
      (let ((running (with-exception-catcher
                      (lambda (exception)
                        (%stop-all (%family-entries family))
                        (raise exception))
                      (lambda () (%start-child (car children) '())))))
        (%start-all policy (cdr children) (%told policy (%family-append family running))))))

;; Returns when it has ended.
(define (%stop-child running)
  (if (%running-pid running)
      (%end-monitored (%running-pid running) (%running-ref running)
                      (child-shutdown (%running-child running)))
      (void)))

;; The newest first.
(define (%stop-all entries)
  (for-each (lambda (entry) (%stop-child (cdr entry))) (reverse entries)))

;;; ---- the supervisor ---------------------------------------------------

;; Exceptions that links bring are those of the parent, or of a child that was
;; linked for a moment while it was started (its monitor tells of it, too).
(define (%supervisor-loop policy family restarts)
  (%set-handlers!
   (cons (lambda (exception)
           (if (and (pid? (%policy-parent policy)) (not (alive? (%policy-parent policy))))
               (begin
                 (%stop-all (%family-entries family))
                 (raise exception))
               (void)))
         (%policy-outer policy)))
  (recv
    (('down ref _ reason)
     (let ((entry (%family-find family ref)))
       (if entry
           (%child-ended policy family restarts (car entry) (cdr entry) reason)
           (%supervisor-loop policy family restarts))))
    ((from tag ('%supervisor request))
     (%supervisor-loop policy (%supervisor-request policy family from tag request) restarts))
    ('shutdown
     (%stop-all (%family-entries family))
     (! (%policy-reaper policy) 'done))
    (other
     (warning "a supervisor got a message that is no request" other)
     (%supervisor-loop policy family restarts))))

(define (%wants-restart? child reason)
  (case (child-restart child)
    ((permanent) #t)
    ((transient) (not (memq reason '(normal shutdown))))
    (else #f)))

(define (%child-ended policy family restarts number running reason)
  (let ((child (%running-child running))
        (family (%family-remove family running)))
    (if (not (%wants-restart? child reason))
        (%supervisor-loop policy (%told policy (%without-child policy family number running)) restarts)
        (let ((next (%note-restart restarts)))
          (if next
              (%restart policy family next number running reason)
              (%give-up policy family child reason))))))

;; A temporary child, and any of simple-one-for-one, is forgotten; another one can
;; be started again by its id.
(define (%without-child policy family number running)
  (if (or (%temporary? running)
          (eq? (%policy-strategy policy) 'simple-one-for-one))
      family
      (%family-add family number (%stopped running))))

(define (%temporary? running) (eq? (child-restart (%running-child running)) 'temporary))

(define (%stopped running)
  (%make-running (%running-child running) #f (make-tag) (%running-args running)))

(define (%give-up policy family child reason)
  (%stop-all (%family-entries family))
  (! (%policy-reaper policy) 'done)
  (%set-handlers! (%policy-outer policy))
  (exit! (self) (list 'restart-limit (child-id child) reason)))

;; Stops whom the strategy says, and starts them and the failed one again, in order; those
;; that are temporary are only stopped.
(define (%restart policy family restarts number running reason)
  (let* ((others (case (%policy-strategy policy)
                   ((one-for-all) (%family-entries family))
                   ((rest-for-one)
                    (filter (lambda (entry) (> (car entry) number)) (%family-entries family)))
                   (else '())))
         (live (filter (lambda (entry) (%running-pid (cdr entry))) others))
         (lasting (remove (lambda (entry) (%temporary? (cdr entry))) live)))
    (%stop-all live)
    (let ((family (fold (lambda (entry family) (%family-remove family (cdr entry))) family live))
          (again (sort (cons (cons number running) lasting) (lambda (a b) (< (car a) (car b))))))
      (%start-again policy family restarts again reason))))

;; A child that cannot be started counts as one that has failed again.
(define (%start-again policy family restarts entries reason)
  (if (null? entries)
      (%supervisor-loop policy family restarts)
      (let* ((number (caar entries)) (old (cdar entries))
             (new (with-exception-catcher
                   (lambda (exception) (list exception))
                   (lambda () (%start-child (%running-child old) (%running-args old))))))
        (if (%running? new)
            (%start-again policy (%told policy (%family-add family number new)) restarts (cdr entries) reason)
            (let ((next (%note-restart restarts)))
              (if next
                  (%start-again policy family next entries reason)
                  (%give-up policy family (%running-child old) (list 'exception (car new)))))))))

;;; ---- requests ---------------------------------------------------------

;; The family after a request; the answer is (ok value) or (exception obj).
(define (%supervisor-request policy family from tag request)
  (let ((result (with-exception-catcher
                 (lambda (exception) (list (list 'exception exception) family))
                 (lambda () (%do-request policy family request)))))
    (if (eq? (cadr result) family) (void) (%told policy (cadr result)))
    (! from (list tag (car result)))
    (cadr result)))

(define (%ok value family) (list (list 'ok value) family))

(define (%do-request policy family request)
  (match request
    (('start-child args) (%request-start policy family args))
    (('stop-child id) (%request-stop policy family id))
    (('restart-child id) (%request-restart family id))
    (('children)
     (%ok (map (lambda (entry)
                 (list (child-id (%running-child (cdr entry))) (%running-pid (cdr entry))))
               (%family-entries family))
          family))
    (('count)
     (%ok (count (lambda (entry) (%running-pid (cdr entry))) (dict-values (%family-by-ref family))) family))))

(define (%request-start policy family args)
  (if (%policy-template policy)
      (let ((running (%start-child (%policy-template policy) args)))
        (%ok (%running-pid running) (%family-append family running)))
      (let ((child (if (and (pair? args) (null? (cdr args))) (car args) args)))
        (if (child? child) (void) (%wrong-type "supervisor-start-child" child))
        (if (%family-search family (child-id child))
            (error "supervisor-start-child: there is a child with that id" (child-id child))
            (void))
        (let ((running (%start-child child '())))
          (%ok (%running-pid running) (%family-append family running))))))

;; By id, or by pid.
(define (%find-child family who id)
  (let ((entry (if (pid? id)
                   (find (lambda (entry) (eqv? id (%running-pid (cdr entry)))) (dict-values (%family-by-ref family)))
                   (%family-search family id))))
    (if entry entry (error (string-append who ": no such child") id))))

(define (%request-stop policy family id)
  (let* ((entry (%find-child family "supervisor-stop-child" id))
         (running (cdr entry)))
    (%stop-child running)
    (%ok (void) (%without-child policy (%family-remove family running) (car entry) running))))

(define (%request-restart family id)
  (let* ((entry (%find-child family "supervisor-restart-child" id))
         (old (cdr entry)))
    (if (%running-pid old)
        (%ok (%running-pid old) family)
        (let ((new (%start-child (%running-child old) (%running-args old))))
          (%ok (%running-pid new) (%family-add (%family-remove family old) (car entry) new))))))

(define (%ask-supervisor who supervisor request)
  (match (%ask-living who supervisor (list '%supervisor request))
    (('ok value) value)
    (('exception exception) (raise exception))))

;; (supervisor-start-child supervisor child): start one more child: its pid. For
;; simple-one-for-one: (supervisor-start-child supervisor arg ...), arguments of the
;; description's `start`. Error: what `start` raises; not one description; an id that is in
;; use; here and below: no pid, or the supervisor has ended.
(define (supervisor-start-child supervisor . args)
  (%ask-supervisor "supervisor-start-child" supervisor (list 'start-child args)))

;; (supervisor-stop-child supervisor id): end a child, which stays known unless it
;; is temporary; `id` may be its pid. (supervisor-restart-child supervisor id):
;; start a child that has ended: its pid. Error: there is none.
(define (supervisor-stop-child supervisor id) (%ask-supervisor "supervisor-stop-child" supervisor (list 'stop-child id)))
(define (supervisor-restart-child supervisor id) (%ask-supervisor "supervisor-restart-child" supervisor (list 'restart-child id)))

;; (supervisor-children supervisor): list of (id pid), in the order of their starts;
;; pid #f: it does not run. (supervisor-count supervisor): how many run.
(define (supervisor-children supervisor) (%ask-supervisor "supervisor-children" supervisor '(children)))
(define (supervisor-count supervisor) (%ask-supervisor "supervisor-count" supervisor '(count)))

;; (supervisor-stop supervisor): stop all children, the newest first, then the
;; supervisor; returns when all have ended, also when they had before. Error: no pid.
(define (supervisor-stop supervisor)
  (%check-pid "supervisor-stop" supervisor)
  (let ((ref (monitor supervisor)))
    (! supervisor 'shutdown)
    (recv (('down ,ref _ _) (void)))))
