;; What the library raises on behalf of a call or a form: the report names the place of that.
(define-record-type point (make-point x) point? (x point-x))
(define-termite-type counter n)
;; expect-error: place-forms.scm:20:22: error in f-assert: assertion failed: (= x 1)
;; expect-error: place-forms.scm:21:21: error in f-raise: uncaught exception: boom
;; expect-error: place-forms.scm:22:21: error in f-field: field x of point: wrong type of argument: 2
;; expect-error: place-forms.scm:23:20: error in f-cell: counter-n: wrong type of argument: 2
;; expect-error: place-forms.scm:24:22: error in f-inline: cdr: wrong type of argument: 2
;; expect-error: place-forms.scm:25:23: error in f-library: list-tail: argument out of range: 5
;; expect-error: place-forms.scm:26:24: error in f-callback: <: wrong type of argument: a
;; expect-error: place-forms.scm:27:48: error in f-guard: no clause: 1
;; expect-error: place-forms.scm:28:22: error in f-mapped: car: wrong type of argument: 1
;; expect-error: place-forms.scm:29:36: error in f-forced: car: wrong type of argument: 1
;; expect-error: place-forms.scm:30:51: error in f-wound: car: wrong type of argument: 1
;; expect-error: place-forms.scm:31:23: error in f-handler: with-exception-handler: wrong type of argument: 5
;; expect-error: place-forms.scm:32:19: error in f-ask: !: wrong type of argument: 1
;; expect-error: place-forms.scm:33:86: error in f-raised-again: first place: 1
;; expect-error: place-forms.scm:34:45: error in f-captured: vector-ref: argument out of range: 9
;; expect-error: place-forms.scm:35:21: error in f-match: match: no clause matches: 7
(define (f-assert x) (assert (= x 1)))
(define (f-raise x) (raise 'boom))
(define (f-field x) (point-x x))
(define (f-cell x) (counter-n x))
(define (f-inline x) (cadr x))
(define (f-library x) (list-tail x 5))
(define (f-callback x) (list-sort < x))
(define (f-guard x) (guard (e ((string? e) 1)) (error "no clause" x)))
(define (f-mapped x) (map car x))
(define (f-forced x) (force (delay (car x))))
(define (f-wound x) (dynamic-wind void (lambda () (car x)) void))
(define (f-handler x) (with-exception-handler x (lambda () 1)))
(define (f-ask x) (!? x 1))
(define (f-raised-again x) (with-exception-catcher (lambda (e) (raise e)) (lambda () (error "first place" x))))
(define (f-captured x) (call/cc (lambda (k) (vector-ref x 9))))
(define (f-match x) (match x ((a b) a)))
(define (try f x) (wait-for (spawn (lambda () (list (f x))))))
(try f-assert 2)
(try f-raise 1)
(try f-field 2)
(try f-cell 2)
(try f-inline 2)
(try f-library '(1))
(try f-callback '(1 a))
(try f-guard 1)
(try f-mapped '(1))
(try f-forced 1)
(try f-wound 1)
(try f-handler 5)
(try f-ask 1)
(try f-raised-again 1)
(try f-captured '#(1))
(try f-match 7)
