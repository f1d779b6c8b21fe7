;;; fsm.scm: the state machine behaviour: a process with a named state and data,
;;; that goes from state to state as events come.
;;;
;;; Messages: (%fsm-event event), (from tag (%fsm-call event)), (from tag
;;; (%fsm-stop reason)), the symbol shutdown.

;; (make-fsm-plugin init handle terminate): the callbacks of a machine.
;;   (init)                          (state data) or (state data timeout)
;;   (handle state event from data)  what to do; `from` is #f, or for an event of
;;                                   fsm-call what fsm-reply takes. One of
;;     (next state data [timeout])         go on in `state`
;;     (reply value state data [timeout])  answer the caller, go on
;;     (stop reason data)                  end
;;   (terminate reason state data)   before the machine ends
;; With a `timeout` (seconds), the event `timeout` happens unless another comes first.
(define-record-type fsm-plugin
  (%make-fsm-plugin init handle terminate) fsm-plugin?
  (init %fsm-init) (handle %fsm-handle) (terminate %fsm-terminate))
(define (make-fsm-plugin init handle terminate)
  (%check-procedures "make-fsm-plugin" (list init handle terminate))
  (%make-fsm-plugin init handle terminate))

;; (fsm-start plugin), (fsm-start-link plugin): the pid of a new machine, after its
;; `init` has returned. Error: what `init` raises.
(define (fsm-start plugin) (%fsm-start spawn plugin))
(define (fsm-start-link plugin) (%fsm-start spawn-link plugin))

(define (%fsm-start spawner plugin)
  (if (fsm-plugin? plugin) (void) (%wrong-type "fsm-start" plugin))
  (%start-and-wait
   spawner
   (lambda (started)
     (let ((first ((%fsm-init plugin))))
       (started)
       (%fsm-go plugin first)))))

;; `where` is (state data [timeout]).
(define (%fsm-go plugin where)
  (match where
    ((state data) (%fsm-wait plugin state data #f))
    ((state data timeout) (%fsm-wait plugin state data timeout))
    (other (error "fsm: a callback gave no state" other))))

(define (%fsm-wait plugin state data timeout)
  (recv
    (('%fsm-event event) (%fsm-happens plugin state event #f data))
    ((from tag ('%fsm-call event)) (%fsm-happens plugin state event (list from tag) data))
    ((from tag ('%fsm-stop reason))
     ((%fsm-terminate plugin) reason state data)
     (! from (list tag 'ok))
     (%fsm-end reason))
    ('shutdown
     ((%fsm-terminate plugin) 'normal state data))
    (after timeout (%fsm-happens plugin state 'timeout #f data))))

(define (%fsm-happens plugin state event from data)
  (match (with-exception-handler
          (lambda (exception)
            ((%fsm-terminate plugin) (list 'exception exception) state data)
            (raise exception))
          (lambda () ((%fsm-handle plugin) state event from data)))
    (('next . where) (%fsm-go plugin where))
    (('reply value . where) (where from)
     (fsm-reply from value)
     (%fsm-go plugin where))
    (('stop reason data)
     ((%fsm-terminate plugin) reason state data)
     (%fsm-end reason))
    (other (error "fsm: a callback gave no decision" other))))

(define (%fsm-end reason)
  (if (memq reason '(normal shutdown)) (halt!) (exit! (self) reason)))

;; (fsm-send machine event): an event happens. (fsm-call machine event [timeout
;; [default]]): the same, and wait for the answer, 5 seconds if not said otherwise.
;; (fsm-reply from value): answer such a call. (fsm-stop machine [reason]): end it: ok.
(define (fsm-send machine event)
  (%check-pid "fsm-send" machine)
  (! machine (list '%fsm-event event)))
(define fsm-call
  (case-lambda
    ((machine event) (fsm-call machine event 5))
    ((machine event timeout)
     (%check-pid "fsm-call" machine)
     (!? machine (list '%fsm-call event) timeout))
    ((machine event timeout default)
     (%check-pid "fsm-call" machine)
     (!? machine (list '%fsm-call event) timeout default))))
(define (fsm-reply from value) (! (car from) (list (cadr from) value)))
(define fsm-stop
  (case-lambda
    ((machine) (fsm-stop machine 'normal))
    ((machine reason)
     (%check-pid "fsm-stop" machine)
     (!? machine (list '%fsm-stop reason) 5))))
