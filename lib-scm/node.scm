;;; node.scm: other nodes: spawning there, asking, names; operations on pids that
;;; have to ask the node of the pid. `make-node`, `node?`, `node-host`, `node-port`,
;;; `current-node`, `node-init`, `pid-node`, `send-nowait`, `remote-service` and
;;; `monitor-node` are primitives.

;;; ---- waiting for an answer --------------------------------------------

;; (%answer-to tag timeout): the answer to the request `tag` (rt/node/remote/request.h), (status .
;; value), #f if there is none in time. An answer that nobody has taken when this is
;; left, as when a linked process raises, is never seen.
(define (%answer-to tag timeout)
  (dynamic-wind
   void
   (lambda ()
     (recv ((,tag status value) (cons status value))
           (after timeout #f)))
   (lambda () (%cancel-request tag))))

;; (%await tag who node timeout late): the value that was asked for; an exception of the
;; code that was asked is raised here; what the node refused, or the loss of the node,
;; is raised as a condition. After `timeout` seconds: (late).
(define (%await tag who node timeout late)
  (let ((answer (%answer-to tag timeout)))
    (if answer (%conclude who node (car answer) (cdr answer)) (late))))

(define (%conclude who node status value)
  (case status
    ((value) value)
    ((raised) (raise value))
    ((refused) (raise (%make-condition (car value) (cadr value) (cddr value))))
    (else (raise (%make-condition 'noconnection (string-append who ": the node cannot be reached") (list node))))))

;; (%try tag timeout): the value that was asked for, #f if there is none, whatever the reason.
(define (%try tag timeout)
  (let ((answer (%answer-to tag timeout)))
    (and answer (eq? (car answer) 'value) (cdr answer))))

;;; ---- spawning on other nodes ------------------------------------------

;; (remote-spawn node thunk): the pid of a new process on `node` that runs `thunk`, with
;; the parameters of this one. (remote-spawn-link node thunk): linked in both
;; directions before it begins. Error: noconnection; not-serializable; what the node
;; refuses, as unknown-code.
(define (remote-spawn node thunk)
  (if (%here? node)
      (spawn thunk)
      (%await (%remote-spawn node thunk #f) "remote-spawn" node #f void)))
(define (remote-spawn-link node thunk)
  (cond ((%here? node) (spawn-link thunk))
        ((%guest?) ; its links are at home: the new process makes them, before all else
         (let ((parent (self)))
           (remote-spawn node (lambda () (full-link parent) (thunk)))))
        (else (%await (%remote-spawn node thunk #t) "remote-spawn-link" node #f void))))

;; (on node thunk [timeout [default]]): the value of (thunk), called in a new process on
;; `node`; an exception in it is raised here. After `timeout` seconds: `default`, or
;; without it raise the symbol timeout. Error: noconnection; as remote-spawn.
(define on
  (case-lambda
    ((node thunk) (%on node thunk #f void))
    ((node thunk timeout) (%on node thunk timeout (lambda () (raise 'timeout))))
    ((node thunk timeout default) (%on node thunk timeout (lambda () default)))))

(define (%on node thunk timeout late)
  (if (procedure? thunk) (void) (%wrong-type "on" thunk))
  (%await (%ask node (cons 'on (cons (lambda () (%answer-with thunk)) (%params)))) "on" node timeout late))

;; (%answer-with thunk): what the new process does.
(define (%answer-with thunk)
  (with-exception-catcher
   (lambda (exception) (%answer #t exception))
   (lambda () (%answer #f (thunk)))))

;;; ---- names ------------------------------------------------------------

;; (publish-service name pid): on this node `name`, a symbol, stands for `pid` until that
;; process ends, or (for a process of another node) its node is lost. (unpublish-service
;; name [pid]): no more (if it stands for `pid`). Error: not a symbol, not a pid.
(define (publish-service name pid) (%publish-service name (%process-of pid)))
(define unpublish-service
  (case-lambda
    ((name) (%unpublish-service name #f))
    ((name pid) (%unpublish-service name (%process-of pid)))))

;; (resolve-service name node [timeout]): the pid that is published under that name on
;; `node`, or #f: nothing is, or the node cannot be reached, or does not answer in
;; time. Error: not a symbol, not a node.
(define resolve-service
  (case-lambda
    ((name node) (resolve-service name node #f))
    ((name node timeout)
     (if (symbol? name) (void) (%wrong-type "resolve-service" name))
     (if (node? node) (void) (%wrong-type "resolve-service" node))
     (%try (%ask node (cons 'resolve name)) timeout))))

;; (published-services [node]): all names that are published on `node` (this one), with
;; their pids: a list of (name . pid). Error: noconnection.
(define published-services
  (case-lambda
    (() (%services))
    ((node) (if (%here? node) (%services) (on node (lambda () (%services)))))))

;; (%own-service-of name body): the pid that is published here under that name; if there is
;; none, that of a new process that runs (body). Whoever asks at the same time gets the same.
(define (%own-service-of name body)
  (or (%own-service name #f)
      (let* ((new (spawn (lambda () (recv ('%begin (body)) ('%spare (void))))))
             (pid (%own-service name new)))
        (! new (if (eq? pid new) '%begin '%spare))
        pid)))

;; (%process-of pid): the process that a service stands for now (the service itself if
;; that is none); another object itself.
(define-inline (%process-of pid)
  (if (%service-name pid) (%find-service pid) pid))
(define (%find-service service)
  (or (resolve-service (%service-name service) (pid-node service)) service))

;; (ping node-or-pid [timeout]): pong if that node, or the node of that process, answers,
;; in 5 seconds if nothing else is said; else no-reply. Error: neither.
(define ping
  (case-lambda
    ((node) (ping node 5))
    ((node timeout)
     (cond ((node? node) (if (%try (%ask node '(ping)) timeout) 'pong 'no-reply))
           ((pid? node) (ping (pid-node node) timeout))
           (else (%wrong-type "ping" node))))))

;;; ---- operations on any pid --------------------------------------------

;; (alive? pid): whether the process lives; #f also when its node cannot be reached.
;; Error: no pid.
(define (alive? pid)
  (let ((pid (%process-of pid)))
    (or (%alive? pid)
        (let ((node (pid-node pid)))
          (and (not (%here? node)) (%try (%ask node (cons 'alive pid)) #f))))))

;; (inbound-link pid): exceptions of `pid` come to this process. (outbound-link pid):
;; those of this process go to `pid`. (full-link pid): both. (unlink pid): neither any
;; more. (monitor pid): a tag; when `pid` has ended, (down tag pid reason) comes.
;; (spawn-linked-to pid thunk): a new process whose exceptions go to `pid`. Error: no pid.
(define-inline (inbound-link pid) (%inbound-link (%process-of pid)))
(define-inline (outbound-link pid) (%outbound-link (%process-of pid)))
(define-inline (full-link pid) (%full-link (%process-of pid)))
(define-inline (unlink pid) (%unlink (%process-of pid)))
(define-inline (monitor pid) (%monitor (%process-of pid)))
(define-inline (spawn-linked-to pid thunk) (%spawn-linked-to (%process-of pid) thunk))
