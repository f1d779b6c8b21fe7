;; Forms of other systems: an error that says what there is instead, unless the program defines the name.
;; error 22:19 a transformer must be (syntax-rules (literal ...) (pattern template) ...)
;; error 23:19 a transformer must be (syntax-rules (literal ...) (pattern template) ...)
;; error 18:2 `define-macro` does not exist here
;; note 18:2 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 19:14 `define-macro` does not exist here
;; note 19:14 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 20:2 `defmacro` does not exist here
;; note 20:2 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 21:2 `define-syntax-rule` does not exist here
;; note 21:2 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 24:2 `define-structure` does not exist here
;; note 24:2 the form for records is (define-record-type name (constructor field ...) predicate (field accessor) ...)
;; error 25:2 `fluid-let` does not exist here
;; note 25:2 a value for the time of a body is bound by (parameterize ((parameter value) ...) body ...)
;; error 26:15 `define-type` does not exist here
;; note 26:15 the form for records is (define-record-type name (constructor field ...) predicate (field accessor) ...)
(define-macro (twice x) `(begin ,x ,x))
(define (f) (define-macro (m x) `(list ,x)) (m 1))
(defmacro unless2 (c . body) `(if ,c #f (begin ,@body)))
(define-syntax-rule (swap a b) (list b a))
(define-syntax er (er-macro-transformer (lambda (form rename compare) form)))
(define-syntax sc (lambda (stx) stx))
(define-structure point x y)
(fluid-let ((x 1)) x)
(define fluid define-type)
(define (define-struct . names) names)
(define-struct 'a 'b)
