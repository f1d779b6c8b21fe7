;;; server.scm: the generic server: a process that answers requests with the
;;; callbacks of a plugin. All that has to do with processes is here; a plugin is
;;; sequential code over a state that it gets and gives back.
;;;
;;; Messages to a server: (from tag (%server-call term)), (%server-cast term),
;;; (from tag (%server-stop reason)), the symbol shutdown; all others go to the
;;; plugin's `info`. Answers: (tag reply).

;; (make-generic-server-plugin init call cast terminate [info]): the callbacks of a
;; server; `state` is any object.
;;   (init)                 the first state
;;   (call term from state) what to do about (generic-server-call server term)
;;   (cast term state)      the same for generic-server-cast
;;   (terminate reason state)  before the server ends
;;   (info message state)   any other message; without `info` it is warned about
;; `call`, `cast`, `info` give one of
;;   (reply value state)         answer the caller (`call` only), go on
;;   (noreply state)             go on; a caller may get (generic-server-reply from value) later
;;   (stop reason value state)   answer the caller, then end
;;   (stop reason state)         end; reason `normal` disturbs nobody, another is raised in
;;                               linked processes
(define-record-type generic-server-plugin
  (%make-server-plugin init call cast terminate info)
  generic-server-plugin?
  (init %plugin-init) (call %plugin-call) (cast %plugin-cast)
  (terminate %plugin-terminate) (info %plugin-info))

(define make-generic-server-plugin
  (case-lambda
    ((init call cast terminate)
     (make-generic-server-plugin init call cast terminate %server-ignore))
    ((init call cast terminate info)
     (%check-procedures "make-generic-server-plugin" (list init call cast terminate info))
     (%make-server-plugin init call cast terminate info))))


(define (%server-ignore message state)
  (warning "a generic server got a message that is no request" message)
  (list 'noreply state))

;;; ---- the server -------------------------------------------------------

;; Each step has a handler that knows the state in front of it, so that `terminate`
;; sees that when a callback, or a linked process, fails; the exception then goes on
;; to the handlers around the server, `outer`.
(define (%server-loop plugin state outer)
  (%set-handlers!
   (cons (lambda (exception)
           ((%plugin-terminate plugin) (list 'exception exception) state)
           (raise exception))
         outer))
  (recv
    ((from tag ('%server-call term))
     (let ((caller (list from tag)))
       (%server-decide plugin outer caller ((%plugin-call plugin) term caller state))))
    (('%server-cast term)
     (%server-decide plugin outer #f ((%plugin-cast plugin) term state)))
    ((from tag ('%server-stop reason))
     (%server-end plugin outer reason state (list from tag)))
    ('shutdown
     (%server-end plugin outer 'normal state #f))
    (message
     (%server-decide plugin outer #f ((%plugin-info plugin) message state)))))

;; What a callback has decided: to go on, or to stop. `caller` is (from tag), #f: nobody
;; waits for an answer.
(define (%server-decide plugin outer caller decision)
  (match decision
    (('reply value next) (where caller)
     (generic-server-reply caller value)
     (%server-loop plugin next outer))
    (('noreply next) (%server-loop plugin next outer))
    (('stop reason value next) (where caller)
     (generic-server-reply caller value)
     (%server-end plugin outer reason next #f))
    (('stop reason next) (%server-end plugin outer reason next #f))
    (other (error "generic server: a callback gave no decision" other))))

;; `caller` has asked for the end, and hears of it when `terminate` has returned.
(define (%server-end plugin outer reason state caller)
  (%set-handlers! outer)
  ((%plugin-terminate plugin) reason state)
  (if caller (generic-server-reply caller 'ok) (void))
  (if (memq reason '(normal shutdown))
      (halt!)
      (exit! (self) reason)))

;;; ---- starting ---------------------------------------------------------

;; (generic-server-start plugin): the pid of a new server, after its `init` has
;; returned. (generic-server-start-link plugin): the same, linked with the caller
;; in both directions. Error: what `init` raises; not a plugin.
(define (generic-server-start plugin)
  (%start-server spawn (%check-plugin plugin "generic-server-start")))
(define (generic-server-start-link plugin)
  (%start-server spawn-link (%check-plugin plugin "generic-server-start-link")))

(define (%check-plugin plugin who)
  (if (generic-server-plugin? plugin) plugin (%wrong-type who plugin)))

(define (%start-server spawner plugin)
  (%start-and-wait
   spawner
   (lambda (started)
     (let ((state ((%plugin-init plugin))))
       (%accept-shutdown #f)
       (started)
       (%server-loop plugin state (%handlers))))))

;; (%start-and-wait spawner body): a new process that runs (body started); its pid
;; when it has called `started`. When it ends before, what it raised is raised here: so
;; it does not begin before it is monitored.
(define (%start-and-wait spawner body)
  (let* ((parent (self))
         (tag (%call-tag))
         (pid (spawner (lambda ()
                         (recv ((,tag 'begin) 'monitored))
                         (body (lambda () (! parent (list tag 'started)))))))
         (ref (monitor pid)))
    (! pid (list tag 'begin))
    (%within-call
     (lambda ()
       (dynamic-wind
        void
        (lambda ()
          (recv
            ((,tag 'started) (%close-call tag) pid)
            (('down ,ref _ ('exception exception)) (raise exception))
            (('down ,ref _ reason) (raise (list 'start-failed reason)))))
        (lambda () (demonitor ref))))
     tag)))

;;; ---- using it ---------------------------------------------------------

;; (generic-server-call server term [timeout [default]]): the server's answer to
;; `term`. After `timeout` seconds (5; #f: wait for ever) `default`, or without it
;; the symbol timeout is raised; when the server has ended, is lost or out of reach, at once
;; `default`, or the symbol noproc is raised. An answer that comes too late is dropped.
;; Error: no pid; not a time.
(define generic-server-call
  (case-lambda
    ((server term) (%ask-server server term 5 #f))
    ((server term timeout)
     (%check-timeout "generic-server-call" timeout)
     (%ask-server server term timeout #f))
    ((server term timeout default)
     (%check-timeout "generic-server-call" timeout)
     (%ask-server server term timeout (list default)))))

(define (%ask-server server term timeout otherwise)
  (%check-pid "generic-server-call" server)
  (%call server (list '%server-call term) timeout otherwise))

;; (generic-server-cast server term): tell the server, and go on. Error: no pid.
(define (generic-server-cast server term)
  (%check-pid "generic-server-cast" server)
  (! server (list '%server-cast term)))

;; (generic-server-reply from value): answer a call: `from` is what `call` got. Error:
;; another object.
(define (generic-server-reply from value) (%reply-to "generic-server-reply" from value))

(define-inline (%reply-to who from value)
  (match from
    ((pid tag) (where (pid? pid)) (! pid (list tag value)))
    (other (%wrong-type who other))))

;; (generic-server-stop server [reason [timeout]]): end the server with a reason
;; (normal) and wait until it has called `terminate`: ok. After `timeout` seconds
;; (5) the symbol timeout is raised; when it had ended before, the symbol noproc. Error: no
;; pid; not a time.
(define generic-server-stop
  (case-lambda
    ((server) (generic-server-stop server 'normal 5))
    ((server reason) (generic-server-stop server reason 5))
    ((server reason timeout)
     (%ask-within "generic-server-stop" server (list '%server-stop reason) timeout #f))))

;;; ---- the names of Gambit's Termite ------------------------------------

;; (make-server-plugin init call cast terminate): as make-generic-server-plugin,
;; but `init` gets the arguments of server:start.
(define-record-type %server-template
  (%make-server-template init call cast terminate) %server-template?
  (init %template-init) (call %template-call) (cast %template-cast) (terminate %template-terminate))

(define (make-server-plugin init call cast terminate)
  (%check-procedures "make-server-plugin" (list init call cast terminate))
  (%make-server-template init call cast terminate))

(define (%template->plugin who template args)
  (if (%server-template? template) (void) (%wrong-type who template))
  (make-generic-server-plugin
   (lambda () (apply (%template-init template) args))
   (%template-call template) (%template-cast template) (%template-terminate template)))

;; (server:start plugin arg ...), (server:start-link plugin arg ...), (server:call
;; server term [timeout [default]]), (server:cast server term), (server:stop server
;; [reason [timeout]]): the generic-server procedures under other names.
(define (server:start plugin . args) (generic-server-start (%template->plugin "server:start" plugin args)))
(define (server:start-link plugin . args) (generic-server-start-link (%template->plugin "server:start-link" plugin args)))
(define (server:call server term . options) (apply generic-server-call server term options))
(define (server:cast server term) (generic-server-cast server term))
(define (server:stop server . options) (apply generic-server-stop server options))
