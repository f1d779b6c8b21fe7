;;; control.scm: continuations with dynamic-wind, parameters, promises.
;;;
;;; The dynamic environment of a process is three values: `%winds`, the list of
;;; active dynamic-winds, innermost first; `%handlers`, the list of exception
;;; handlers, innermost first; `%params`, an association list from the key of a
;;; parameter to its value. A continuation keeps the three and puts them back.

;;; ---- dynamic-wind -----------------------------------------------------

;; One element of the wind list: its thunks and the environment they run in.
(define-inline (%make-wind before after) (cons (cons before after) (cons (%handlers) (%params))))
(define-inline (%wind-before wind) (caar wind))
(define-inline (%wind-after wind) (cdar wind))
(define-inline (%enter-environment-of wind)
  (%set-handlers! (cadr wind))
  (%set-params! (cddr wind)))

;; (dynamic-wind before thunk after): call the three in order; `before` and
;; `after` also whenever control enters or leaves `thunk` by a continuation.
;; Result: that of `thunk`.
(define (dynamic-wind before thunk after)
  (before)
  (let ((outer (%winds)))
    (%set-winds! (cons (%make-wind before after) outer))
    (let ((result (thunk)))
      (%set-winds! outer)
      (after)
      result)))

;; (%rewind target): leave the winds that are active and not in `target`,
;; innermost first, then enter those of `target`, outermost first.
(define (%rewind target)
  (if (eq? target (%winds))
      (void)
      (let ((common (%common-tail target (%winds))))
        (%unwind-to common)
        (%wind-from common target))))

;; Both lists end in the same pairs when they share a history; an equally long
;; tail that is not shared is left and entered.
(define (%common-tail a b)
  (let ((n (length a)) (m (length b)))
    (let loop ((a (if (> n m) (list-tail a (- n m)) a))
               (b (if (> m n) (list-tail b (- m n)) b)))
      (if (eq? a b) a (loop (cdr a) (cdr b))))))

(define (%unwind-to common)
  (let ((winds (%winds)))
    (if (eq? winds common)
        (void)
        (let ((wind (car winds)))
          (%set-winds! (cdr winds))
          (%enter-environment-of wind)
          ((%wind-after wind))
          (%unwind-to common)))))

(define (%wind-from common target)
  (if (eq? target common)
      (void)
      (let ((wind (car target)))
        (%wind-from common (cdr target))
        (%enter-environment-of wind)
        ((%wind-before wind))
        (%set-winds! target))))

;;; ---- continuations ----------------------------------------------------

;; (call-with-current-continuation f): call `f`, in tail position, with the
;; current continuation: a procedure that may be called any number of times,
;; from any process, with the values to deliver.
(define (call-with-current-continuation f)
  (%capture
   (lambda (k)
     (let ((winds (%winds)) (handlers (%handlers)) (params (%params)))
       (f (case-lambda
            ((value)
             (%throw k winds handlers params value))
            (vals
             (%throw k winds handlers params (%list->values vals)))))))))

(define (%throw k winds handlers params value)
  (%rewind winds)
  (%set-handlers! handlers)
  (%set-params! params)
  (k value))

;; (call/cc f): short name of call-with-current-continuation.
(define-inline (call/cc f) (call-with-current-continuation f))

;; (call-with-escape-continuation f), (within-continuation k thunk): an escape is
;; an ordinary continuation here; `thunk` runs in the dynamic environment of the
;; caller, its values go to `k`.
(define-inline (call-with-escape-continuation f) (call-with-current-continuation f))
(define-inline (call/ec f) (call-with-current-continuation f))
(define (within-continuation k thunk) (call-with-values thunk k))

;;; ---- parameters -------------------------------------------------------

;; A parameter is a procedure: without arguments it gives its value. Called with
;; the default object, which programs do not have, and a value it gives the pair
;; (key . converted value), which parameterize puts in front of %params.

;; (make-parameter init [converter]): a new parameter whose value is `init` (or
;; (converter init)) outside of any parameterize.
(define make-parameter
  (case-lambda
    ((init) (%make-parameter (make-tag) init (lambda (value) value)))
    ((init converter) (%make-parameter (make-tag) (converter init) converter))))

;; (%named-parameter key init [converter]): what (define p (make-parameter init
;; [converter])) of the top level calls. The key is a symbol, the same in every run
;; of every program with that definition: bindings that travel reach the parameter
;; of that name where they arrive.
(define %named-parameter
  (case-lambda
    ((key init) (%make-parameter key init (lambda (value) value)))
    ((key init converter) (%make-parameter key (converter init) converter))))

;; (%make-parameter key value converter): the procedure that is called "parameter" in reports.
(define (%make-parameter key value converter)
  (define parameter
    (case-lambda
      (() (let ((binding (assq key (%params))))
            (if binding (cdr binding) value)))
      ((operation new)
       (if (%default? operation)
           (cons key (converter new))
           (%wrong-type "parameter" operation)))
      ((value) (error "a parameter cannot be changed: parameterize binds it for the time of a body" value))))
  parameter)

;; (%parameterize bindings thunk): what the form parameterize expands into: call
;; `thunk` while the parameters have the values of `bindings`, a list of
;; (parameter . value). All values are converted before any binding is made.
(define (%parameterize bindings thunk)
  (let ((converted (map (lambda (binding) ((car binding) (%default) (cdr binding))) bindings))
        (outer (%params)))
    (%set-params! (%append2 converted outer))
    (let ((result (thunk)))
      (%set-params! outer)
      result)))

;;; ---- promises ---------------------------------------------------------

;; A promise that is not done has a thunk that gives the promise to go on with:
;; (delay e) is (%make-promise #f (lambda () (%make-promise #t e))), (delay-force e)
;; is (%make-promise #f (lambda () e)).

;; (make-promise obj): `obj` if it is a promise, else a promise that gives `obj`.
(define (make-promise obj)
  (if (promise? obj) obj (%make-promise #t obj)))

;; (force promise): the value of the promise, computed at most once; of another
;; object the object itself. Chains of delay-force take constant space.
(define (force promise)
  (cond ((not (promise? promise)) promise)
        ((%promise-done? promise) (%promise-value promise))
        (else
         (let ((next ((%promise-value promise))))
           (if (promise? next)
               (begin (%promise-follow promise next) (force promise))
               (%wrong-type "delay-force" next))))))

;; `promise` takes the state of `next`, and `next` waits for `promise` from now
;; on, so that what they share is computed once whichever is forced. A promise
;; that became done meanwhile (its thunk forced it) stays as it is.
(define (%promise-follow promise next)
  (cond ((%promise-done? promise) (void))
        ((%promise-done? next)
         (%promise-set! promise #t (%promise-value next)))
        ((eq? promise next) (void))
        (else
         (%promise-set! promise #f (%promise-value next))
         (%promise-set! next #f (lambda () promise)))))

