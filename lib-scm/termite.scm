;;; termite.scm: processes: receiving, remote calls, ends, links, and the three
;;; hooks through which the runtime calls Scheme (rt/abi/hooks.def).
;;; `self`, `spawn`, `!`, `demonitor` are primitives; links and monitors are in node.scm.

;;; ---- receiving --------------------------------------------------------

;; (%recv-next cursor deadline): the first message behind `cursor`, waiting for
;; it; NONE when the deadline (#f: never) is past. Exceptions of linked processes
;; are raised when the scan meets them. What `recv` expands into calls this.
(define-inline (%recv-next cursor deadline)
  (let ((message (%mbox-next cursor)))
    (if (or (%none? message) (%signal? message))
        (%recv-slow message cursor deadline)
        message)))

;; A handler that returns from a linked exception resumes the scan.
(define (%recv-slow message cursor deadline)
  (cond ((%signal? message)
         (raise (%signal-payload message))
         (%recv-next cursor deadline))
        ((%wait-message cursor deadline)
         (%recv-next cursor deadline))
        (else message)))

;; (? [timeout [default]]): take the first message. After `timeout` seconds
;; without one: `default`, or without it raise the symbol timeout.
(define-inline ?
  (case-lambda
    (() (recv (message message)))
    ((timeout) (recv (message message) (after timeout (raise 'timeout))))
    ((timeout default) (recv (message message) (after timeout default)))))

;; (?? pred [timeout [default]]): take the first message that satisfies `pred`.
(define-inline ??
  (case-lambda
    ((pred)
     (recv (message (where (pred message)) message)))
    ((pred timeout)
     (recv (message (where (pred message)) message)
           (after timeout (raise 'timeout))))
    ((pred timeout default)
     (recv (message (where (pred message)) message)
           (after timeout default)))))

;; (!? pid request [timeout [default]]): remote call: send (self tag request) with
;; a new tag and give the `reply` of the message (tag reply). After `timeout`
;; seconds: `default`, or without it raise the symbol timeout. When the process has ended, is
;; lost or out of reach: at once `default`, or without it raise the symbol noproc. A reply
;; that comes when the call was left, in whatever way, is dropped, wherever this process is then.
(define !?
  (case-lambda
    ((pid request) (%call pid request #f #f))
    ((pid request timeout) (%call pid request timeout #f))
    ((pid request timeout default)
     (%call pid request timeout (list default)))))

;; (thread-sleep! seconds): wait.
(define (thread-sleep! seconds)
  (recv (after seconds (void))))

;;; ---- ends -------------------------------------------------------------

;; (halt! ...), (shutdown!): end this process; linked processes are not
;; disturbed, monitors see the reason normal.
(define (halt! . ignored) (%end-process 'normal #f))
(define (shutdown!) (%end-process 'normal #f))

;; (exit! pid reason): end the process `pid` with a reason: normal, killed, or
;; any object, which is raised in the processes linked with it. Error: no pid.
(define (exit! pid reason)
  (cond ((not (pid? pid)) (%wrong-type "exit!" pid))
        ((not (eq? pid (self))) (%terminate (%process-of pid) reason))
        ((memq reason '(normal killed)) (%end-process reason #f))
        (else (%end-process 'exception reason))))

;; (terminate! pid): end the process `pid`, whatever it does. Error: no pid.
(define (terminate! pid)
  (if (pid? pid) (exit! pid 'killed) (%wrong-type "terminate!" pid)))

;; (accept-shutdown): from now on this process gets the message shutdown when SIGTERM or
;; SIGINT asks the program to end, and should end in its turn: the newest first, those
;; with a supervisor by their supervisor, all within --termite-shutdown-timeout. Generic
;; servers, state machines, event managers, supervisors and pools do so by themselves.
;; A main process that accepts it gets the message instead of leaving what it does.
(define (accept-shutdown) (%accept-shutdown #f))

;; (wait-for pid): wait until the process `pid` has ended; the reason, as a
;; monitor gets it. Error: no pid.
(define (wait-for pid)
  (if (pid? pid) (void) (%wrong-type "wait-for" pid))
  (let ((ref (monitor pid)))
    (recv (('down ,ref _ reason) reason))))

;; (exit [obj]): leave the program after the `after` thunks of the active
;; dynamic-winds: with code 0, or 1 if `obj` is #f, or `obj` if it is an integer.
(define exit
  (case-lambda
    (() (exit #t))
    ((obj) (%rewind '()) (%leave obj))))

;; (emergency-exit [obj]): the same at once.
(define emergency-exit
  (case-lambda
    (() (%leave #t))
    ((obj) (%leave obj))))

;;; ---- messages to the operator -----------------------------------------

;; (info obj ...), (warning obj ...), (debug obj ...): print the objects in a list
;; that begins with the name.
(define (info . objs) (print (cons 'info: objs)))
(define (warning . objs) (print (cons 'warning: objs)))
(define (debug . objs) (print (cons 'debug: objs)))

;; (handle-exception-message event): raise the exception of a linked process that
;; a program received by its own means; another object is raised itself.
(define (handle-exception-message event)
  (raise (if (%signal? event) (%signal-payload event) event)))

;;; ---- hooks ------------------------------------------------------------

;; (%process-start thunk): what a new process does.
(define (%process-start thunk)
  (thunk)
  (%end-process 'normal #f))

;; (%main thunk): what the main process does: the top level of the program, which
;; ends with (%call-main main usage) if the program defines `main`; then exit, whatever
;; other processes there are. A node that serves goes on without `main`.
(define (%main thunk)
  (thunk)
  (cond ((%guest?) (%end-process 'exit 0))
        ((not (%main?)) (%end-process 'normal #f)) ; it was one, and its home is lost
        ((%stopping?) (%end-process 'normal #f)) ; others may have to end after it
        ((%node-open) (%serve))
        (else (%exit 0))))

;; (%shutdown): what the main process does instead of what it did when SIGTERM or SIGINT
;; asks the program to end. Its `after` thunks run, innermost first; then each listener
;; (rt/actor/shutdown.h), newest first, gets the message shutdown and half of the time
;; that is left to end. What an `after` thunk raises is reported, and the end goes on.
(define (%shutdown)
  (%run-afters)
  (%end-listeners (%next-listener))
  (%exit (%shutdown-code)))

(define (%run-afters)
  (let ((winds (%winds)))
    (if (null? winds)
        (void)
        (let ((wind (car winds)))
          (%set-winds! (cdr winds))
          (%enter-environment-of wind)
          (%set-handlers! '())
          (%report-and-go-on (%wind-after wind))
          (%run-afters)))))

(define (%report-and-go-on thunk)
  (call-with-current-continuation
   (lambda (k)
     (with-exception-handler
      (lambda (exception) (%report-uncaught exception) (k (void)))
      thunk))))

(define (%end-listeners listener)
  (if listener
      (begin
        (%end-listener listener (%monitor listener))
        (%end-listeners (%next-listener)))
      (void)))

(define (%end-listener listener ref)
  (! listener 'shutdown)
  (let ((seconds (%shutdown-share)))
    (recv
      (('down ,ref _ _) (void))
      (after seconds
        (%shutdown-late listener seconds)
        (%terminate listener 'killed)))))

;; (%leave obj): the end of the program. A process that is at home on another node ends
;; that node's program.
(define (%leave obj)
  (cond ((%guest?) (%end-process 'exit (%exit-code obj)))
        (else (%exit obj))))

;; (%serve): never returns; no message is behind this cursor.
(define (%serve)
  (%wait-message 1000000000000000000 #f)
  (%serve))

;; (%call-main main usage): call it with the arguments of the command line; `usage` is a list of (text fewest most),
;; most -1 for any number: the shapes of a call, empty if they are not known. Arguments that no shape takes end the
;; program with code 64.
(define (%call-main main usage)
  (cond ((and (%main?) (%node-open)) (void))
        ((procedure? main)
         (let ((args (cdr (command-line))))
           (if (or (null? usage) (%usage-takes? usage (length args)))
               (apply main args)
               (%wrong-usage usage))))
        (else (void))))

(define (%usage-takes? usage n)
  (any (lambda (shape)
         (and (<= (cadr shape) n) (or (<= n (caddr shape)) (negative? (caddr shape)))))
       usage))

(define (%wrong-usage usage)
  (let ((port (current-error-port)) (program (car (command-line))))
    (let loop ((shapes usage) (head "usage: "))
      (if (pair? shapes)
          (begin
            (write-string (string-append head program (if (string=? (caar shapes) "") "" " ") (caar shapes) "\n") port)
            (loop (cdr shapes) "       "))
          (exit 64)))))
