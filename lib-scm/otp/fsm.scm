;;; fsm.scm: the state machine behaviour: a process with a named state and data,
;;; that goes from state to state as events come.
;;;
;;; Messages: (%fsm-event event), (from tag (%fsm-call event)), (from tag
;;; (%fsm-stop reason)), the symbol shutdown.

;; (make-fsm-plugin init handle terminate [info]): the callbacks of a machine.
;;   (init)                          (state data) or (state data timeout)
;;   (handle state event from data)  what to do; `from` is #f, or for an event of
;;                                   fsm-call what fsm-reply takes. One of
;;     (next state data [timeout])         go on in `state`
;;     (reply value state data [timeout])  answer the caller, go on
;;     (stop reason data)                  end; reason as for a generic server
;;     (stop reason value data)            answer the caller, then end
;;   (terminate reason state data)   before the machine ends, also when a callback or a
;;                                   linked process fails: (exception obj)
;;   (info message state data)       any other message: (next ...) or (stop reason data);
;;                                   without `info` it is warned about
;; With a `timeout` (seconds), the event `timeout` happens unless another, or a message for
;; `info`, comes first. Error: not a procedure.
(define-record-type fsm-plugin
  (%make-fsm-plugin init handle terminate info) fsm-plugin?
  (init %fsm-init) (handle %fsm-handle) (terminate %fsm-terminate) (info %fsm-info))
(define make-fsm-plugin
  (case-lambda
    ((init handle terminate)
     (%check-procedures "make-fsm-plugin" (list init handle terminate))
     (%make-fsm-plugin init handle terminate #f))
    ((init handle terminate info)
     (%check-procedures "make-fsm-plugin" (list init handle terminate info))
     (%make-fsm-plugin init handle terminate info))))

;; (fsm-start plugin), (fsm-start-link plugin): the pid of a new machine, after its
;; `init` has returned; in the second case linked with the caller. Error: not a plugin; what
;; `init` raises, or that it gives no state.
(define (fsm-start plugin) (%fsm-start "fsm-start" spawn plugin))
(define (fsm-start-link plugin) (%fsm-start "fsm-start-link" spawn-link plugin))

(define (%fsm-start who spawner plugin)
  (if (fsm-plugin? plugin) (void) (%wrong-type who plugin))
  (%start-and-wait
   spawner
   (lambda (started)
     (let ((first (%fsm-place ((%fsm-init plugin)))))
       (%accept-shutdown #f)
       (started)
       (%fsm-go plugin (%handlers) first)))))

;; `place` is (state data [timeout]).
(define (%fsm-go plugin outer place)
  (match (%fsm-place place)
    ((state data) (%fsm-wait plugin outer state data #f))
    ((state data timeout) (%fsm-wait plugin outer state data timeout))))
(define (%fsm-place place)
  (match place
    ((_ _) place)
    ((_ _ timeout) (where (or (not timeout) (and (real? timeout) (not (nan? timeout))))) place)
    (other (error "fsm: a callback gave no state" other))))

;; As in a generic server: each step has a handler that knows the state in front of it.
(define (%fsm-wait plugin outer state data timeout)
  (let ((since (if timeout (current-jiffy) #f)))
    (%set-handlers!
     (cons (lambda (exception)
             ((%fsm-terminate plugin) (list 'exception exception) state data)
             (raise exception))
           outer))
    (recv
      (('%fsm-event event) (%fsm-happens plugin outer state event #f data))
      ((from tag ('%fsm-call event)) (%fsm-happens plugin outer state event (list from tag) data))
      ((from tag ('%fsm-stop reason)) (%fsm-end plugin outer reason state data (list from tag)))
      ('shutdown (%fsm-end plugin outer 'normal state data #f))
      (message (%fsm-message plugin outer state message data timeout since))
      (after timeout (%fsm-happens plugin outer state 'timeout #f data)))))

(define (%fsm-happens plugin outer state event from data)
  (%fsm-decide plugin outer state data from ((%fsm-handle plugin) state event from data)))

;; A message that is no event: without `info` it is as if it had not come.
(define (%fsm-message plugin outer state message data timeout since)
  (cond ((%fsm-info plugin)
         (%fsm-decide plugin outer state data #f ((%fsm-info plugin) message state data)))
        (else
         (warning "a state machine got a message that is no event" message)
         (%fsm-wait plugin outer state data
                    (and timeout
                         (max 0 (- timeout (/ (- (current-jiffy) since) (jiffies-per-second)))))))))

(define (%fsm-decide plugin outer state data from decision)
  (match decision
    (('next . place) (%fsm-go plugin outer place))
    (('reply value . place) (where from)
     (fsm-reply from value)
     (%fsm-go plugin outer place))
    (('stop reason data) (%fsm-end plugin outer reason state data #f))
    (('stop reason value data) (where from)
     (fsm-reply from value)
     (%fsm-end plugin outer reason state data #f))
    (other (error "fsm: a callback gave no decision" other))))

;; `caller` has asked for the end, and hears of it when `terminate` has returned.
(define (%fsm-end plugin outer reason state data caller)
  (%set-handlers! outer)
  ((%fsm-terminate plugin) reason state data)
  (if caller (fsm-reply caller 'ok) (void))
  (if (memq reason '(normal shutdown)) (halt!) (exit! (self) reason)))

;; (fsm-send machine event): an event happens. (fsm-call machine event [timeout
;; [default]]): the same, and wait for the answer, 5 seconds if not said otherwise; then
;; `default`, or the symbol timeout is raised. (fsm-reply from value): answer such a call.
;; (fsm-stop machine [reason]): end it: ok. Error: no pid; not a time.
(define (fsm-send machine event)
  (%check-pid "fsm-send" machine)
  (! machine (list '%fsm-event event)))
(define fsm-call
  (case-lambda
    ((machine event) (fsm-call machine event 5))
    ((machine event timeout)
     (%ask-within "fsm-call" machine (list '%fsm-call event) timeout #f))
    ((machine event timeout default)
     (%ask-within "fsm-call" machine (list '%fsm-call event) timeout (list default)))))
(define (fsm-reply from value) (%reply-to "fsm-reply" from value))
(define fsm-stop
  (case-lambda
    ((machine) (fsm-stop machine 'normal))
    ((machine reason)
     (%ask-within "fsm-stop" machine (list '%fsm-stop reason) 5 #f))))
