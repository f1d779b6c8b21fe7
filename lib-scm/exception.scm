;;; exception.scm: raising, handlers, condition objects.
;;;
;;; `%handlers` is the list of active handlers, innermost first. A handler runs
;;; with the list of the handlers around it, so that what it raises goes outward.

;;; ---- handlers ---------------------------------------------------------

;; (with-exception-handler handler thunk): call `thunk` with `handler` as the
;; innermost handler; the value that `handler` returns is the value of the
;; `raise`. Error: an argument is no procedure.
(define (with-exception-handler handler thunk)
  (if (procedure? handler) (void) (%wrong-type "with-exception-handler" handler))
  (let ((outer (%handlers)))
    (%set-handlers! (cons handler outer))
    (let ((result (thunk)))
      (%set-handlers! outer)
      result)))

;; (with-exception-catcher handler thunk): call `thunk`; when it raises, leave it
;; and give the result of (handler exception), called where this call was made.
;; Error: an argument is no procedure.
(define (with-exception-catcher handler thunk)
  (if (procedure? handler) (void) (%wrong-type "with-exception-catcher" handler))
  ((call-with-current-continuation
    (lambda (k)
      (with-exception-handler
       (lambda (exception) (k (lambda () (handler exception))))
       (lambda ()
         (let ((result (thunk)))
           (lambda () result))))))))

;; (%guard clauses thunk): what the form guard expands into. `clauses` is called
;; with the raised object and a thunk `reraise`, in the environment of the guard;
;; `reraise` raises again in that of the raise.
(define (%guard clauses thunk)
  ((call-with-current-continuation
    (lambda (guard-k)
      (with-exception-handler
       (lambda (exception)
         ((call-with-current-continuation
           (lambda (raise-k)
             (guard-k
              (lambda ()
                (clauses exception
                         (lambda ()
                           (raise-k (lambda () (raise-continuable exception)))))))))))
       (lambda ()
         (let ((result (thunk)))
           (lambda () result))))))))

;;; ---- raising ----------------------------------------------------------

;; Call the innermost handler with `obj`, with the outer ones active; the caller
;; decides what its return means.
(define-inline (%call-handler handlers obj)
  (%set-handlers! (cdr handlers))
  ((car handlers) obj))

;; (raise obj): call the innermost handler with any object; what it returns is
;; the value of this call. Without a handler the process ends with a report.
(define (raise obj)
  (let ((handlers (%handlers)))
    (if (pair? handlers)
        (let ((result (%call-handler handlers obj)))
          (%set-handlers! handlers)
          result)
        (%uncaught obj))))

;; (raise-continuable obj): as raise.
(define (raise-continuable obj) (raise obj))

;; (%raise-failure obj): raise where there is nothing to return to: software
;; errors of primitives, and raise of R7RS. A handler that returns is itself an
;; error, raised to the handlers around it.
(define (%raise-failure obj)
  (let ((handlers (%handlers)))
    (if (pair? handlers)
        (begin
          (%call-handler handlers obj)
          (%raise-failure
           (%make-condition 'non-continuable "handler returned from a non-continuable exception" (list obj))))
        (%uncaught obj))))

;; (%uncaught obj): no handler takes `obj`: report it and end this process; the
;; processes linked with it get `obj`.
(define (%uncaught obj)
  (%report-uncaught obj)
  (%end-process 'exception obj))

;; (error message irritant ...): raise a condition of the kind `error`.
(define (error message . irritants)
  (raise (%make-condition 'error message irritants)))

;; (%r7rs:raise obj), (%r7rs:error message irritant ...): raise and error as R7RS
;; has them, for programs that import (scheme base) and not (termite): handlers
;; may not return.
(define (%r7rs:raise obj) (%raise-failure obj))
(define (%r7rs:error message . irritants)
  (%raise-failure (%make-condition 'error message irritants)))

;; (%assertion-failed expression message): what a failed `assert` calls; `message`
;; is #f or what the program says.
(define (%assertion-failed expression message)
  (raise (%make-condition 'error (if message message "assertion failed") (list expression))))

;; (abort obj): raise to handlers that may not return.
(define (abort obj) (%raise-failure obj))

;;; ---- conditions -------------------------------------------------------

;; (error-object? obj), (condition? obj): whether `obj` is a condition: made by
;; error, or by a failing operation.
(define-inline (error-object? obj) (%condition? obj))
(define-inline (condition? obj) (%condition? obj))

;; (error-object-message condition): its message. (error-object-irritants
;; condition): list of the objects concerned. (condition-kind condition): a
;; symbol, see rt/abi/conditions.def. Error: not a condition.
(define (error-object-message c)
  (if (%condition? c) (%condition-message c) (%wrong-type "error-object-message" c)))
(define (error-object-irritants c)
  (if (%condition? c) (%condition-irritants c) (%wrong-type "error-object-irritants" c)))
(define (condition-kind c)
  (if (%condition? c) (%condition-kind c) (%wrong-type "condition-kind" c)))

;; (error-message condition), (error-irritants condition): short names.
(define-inline (error-message c) (error-object-message c))
(define-inline (error-irritants c) (error-object-irritants c))

;; (%kind? obj kind): whether `obj` is a condition of that kind.
(define-inline (%kind? obj kind)
  (and (%condition? obj) (eq? (%condition-kind obj) kind)))

;; One predicate for each kind of software error.
(define (wrong-type-error? obj) (%kind? obj 'wrong-type))
(define (out-of-range-error? obj) (%kind? obj 'out-of-range))
(define (divide-by-zero-error? obj) (%kind? obj 'divide-by-zero))
(define (wrong-number-of-arguments-error? obj) (%kind? obj 'wrong-number-of-arguments))
(define (not-a-procedure-error? obj) (%kind? obj 'not-a-procedure))
(define (unbound-variable-error? obj) (%kind? obj 'unbound-variable))
(define (uninitialized-variable-error? obj) (%kind? obj 'uninitialized-variable))
(define (no-match-error? obj) (%kind? obj 'no-match))
(define (non-continuable-error? obj) (%kind? obj 'non-continuable))
(define (heap-exhausted-error? obj) (%kind? obj 'heap-exhausted))
(define (stack-exhausted-error? obj) (%kind? obj 'stack-exhausted))
(define (process-limit-error? obj) (%kind? obj 'process-limit))
(define (too-large-error? obj) (%kind? obj 'too-large))
(define (system-error? obj) (%kind? obj 'system-error))
(define (not-serializable-error? obj) (%kind? obj 'not-serializable))
(define (bad-data-error? obj) (%kind? obj 'bad-data))
(define (noconnection-error? obj) (%kind? obj 'noconnection))
(define (unknown-code-error? obj) (%kind? obj 'unknown-code))
(define (closed-port-error? obj) (%kind? obj 'closed-port))

;; (file-error? obj), (read-error? obj): conditions of files and of the reader.
(define (file-error? obj) (%kind? obj 'file-error))
(define (read-error? obj) (%kind? obj 'read-error))
