;;; event.scm: the event manager: a process that hands each event to any number
;;; of handlers, which come and go while it runs.
;;;
;;; Messages: (from tag (%event-add handler args)), (from tag (%event-remove handler)),
;;; (from tag (%event-call handler term)), (%event event), (from tag (%event event)),
;;; (from tag (%event-stop)), the symbol shutdown.

;; (make-event-handler init notify call terminate): the callbacks of a handler.
;;   (init arg ...)            its first state
;;   (notify event state)      the next state
;;   (call term state)         (reply value state): the answer, and the next state
;;   (terminate reason state)  when it is taken out: reason `removed`, `stopped`, or
;;                             (exception obj) after one of its callbacks, or a process
;;                             that is linked with the manager, has failed
;; Error: not a procedure.
(define-record-type event-handler
  (%make-event-handler init notify call terminate) event-handler?
  (init %handler-init) (notify %handler-notify) (call %handler-call)
  (terminate %handler-terminate))
(define (make-event-handler init notify call terminate)
  (%check-procedures "make-event-handler" (list init notify call terminate))
  (%make-event-handler init notify call terminate))

(define (%ask-events who manager request)
  (%ask-within who manager request 5 #f))
(define (%check-handler who handler)
  (if (event-handler? handler) (void) (%wrong-type who handler)))

;; (event-manager:start), (event-manager:start-link): the pid of a new manager
;; without handlers, in the second case linked with the caller.
(define (event-manager:start) (spawn %event-manager))
(define (event-manager:start-link) (spawn-link %event-manager))
(define (%event-manager)
  (%accept-shutdown #f)
  (%event-loop '() (%handlers)))

;; `active` is a list of (handler . state), the oldest first; `outer` the handlers around
;; the manager, for exceptions that links bring.
(define (%event-loop active outer)
  (%set-handlers!
   (cons (lambda (exception)
           (%event-terminate-all active (list 'exception exception))
           (raise exception))
         outer))
  (recv
    ((from tag ('%event-add handler args))
     (%event-loop (%event-add from tag handler args active) outer))
    ((from tag ('%event-remove handler))
     (let ((entry (assq handler active)))
       (if entry (%event-terminate entry 'removed) (void))
       (! from (list tag (if entry 'ok 'not-found)))
       (%event-loop (if entry (%without entry active) active) outer)))
    ((from tag ('%event-call handler term))
     (%event-loop (%event-call from tag handler term active) outer))
    (('%event event)
     (%event-loop (%event-notify event active) outer))
    ((from tag ('%event event))
     (let ((active (%event-notify event active)))
       (! from (list tag 'ok))
       (%event-loop active outer)))
    ((from tag ('%event-stop))
     (%event-terminate-all active 'stopped)
     (! from (list tag 'ok)))
    ('shutdown (%event-terminate-all active 'stopped))
    (message
     (warning "an event manager got a message that is no request" message)
     (%event-loop active outer))))

(define (%without entry entries)
  (filter (lambda (other) (not (eq? other entry))) entries))

(define (%event-terminate-all active reason)
  (for-each (lambda (entry) (%event-terminate entry reason)) active))

(define (%event-terminate entry reason)
  (%event-try (car entry)
              (lambda () ((%handler-terminate (car entry)) reason (cdr entry)))
              (lambda (exception) (void))))

;; The value of (thunk); when it raises, the failure is warned about, and the
;; result is that of (failed exception).
(define (%event-try handler thunk failed)
  (with-exception-catcher
   (lambda (exception)
     (warning "an event handler has failed" exception)
     (failed exception))
   thunk))

(define (%event-add from tag handler args active)
  (with-exception-catcher
   (lambda (exception)
     (! from (list tag (list 'exception exception)))
     active)
   (lambda ()
     (let ((entry (cons handler (apply (%handler-init handler) args))))
       (! from (list tag 'ok))
       (append active (list entry))))))

;; Handlers that fail are taken out.
(define (%event-notify event active)
  (filter-map
   (lambda (entry)
     (%event-try (car entry)
                 (lambda () (cons (car entry) ((%handler-notify (car entry)) event (cdr entry))))
                 (lambda (exception)
                   (%event-terminate entry (list 'exception exception))
                   #f)))
   active))

(define (%event-call from tag handler term active)
  (let ((entry (assq handler active)))
    (if (not entry)
        (begin (! from (list tag 'not-found)) active)
        (%event-try
         handler
         (lambda ()
           (match ((%handler-call handler) term (cdr entry))
             (('reply value state)
              (! from (list tag (list 'reply value)))
              (map (lambda (other) (if (eq? other entry) (cons handler state) other)) active))))
         (lambda (exception)
           (! from (list tag (list 'exception exception)))
           (%event-terminate entry (list 'exception exception))
           (%without entry active))))))

;; (event-manager:add-handler manager handler arg ...): `handler` hears of all
;; events from now on: ok. Error: not a handler; what its `init` raises; timeout after 5
;; s, here and below also when the manager has ended.
(define (event-manager:add-handler manager handler . args)
  (%check-handler "event-manager:add-handler" handler)
  (match (%ask-events "event-manager:add-handler" manager (list '%event-add handler args))
    ('ok 'ok)
    (('exception exception) (raise exception))))

;; (event-manager:remove-handler manager handler): it hears of no more: ok, or
;; not-found. (event-manager:delete-handler manager handler): the same.
(define (event-manager:remove-handler manager handler)
  (%check-handler "event-manager:remove-handler" handler)
  (%ask-events "event-manager:remove-handler" manager (list '%event-remove handler)))
(define (event-manager:delete-handler manager handler)
  (event-manager:remove-handler manager handler))

;; (event-manager:notify manager event): tell all handlers, and go on.
;; (event-manager:sync-notify manager event): wait until all have been told: ok.
(define (event-manager:notify manager event)
  (%check-pid "event-manager:notify" manager)
  (! manager (list '%event event)))
(define (event-manager:sync-notify manager event)
  (%ask-events "event-manager:sync-notify" manager (list '%event event)))

;; (event-manager:call manager handler term): the handler's answer. Error: what it
;; raises (it is taken out); there is no such handler; timeout after 5 s.
(define (event-manager:call manager handler term)
  (match (%ask-events "event-manager:call" manager (list '%event-call handler term))
    (('reply value) value)
    (('exception exception) (raise exception))
    ('not-found (error "event-manager:call: no such handler" handler))))

;; (event-manager:stop manager): all handlers are terminated, then the manager ends: ok.
(define (event-manager:stop manager) (%ask-events "event-manager:stop" manager '(%event-stop)))
