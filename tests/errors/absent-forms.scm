;; Forms of other systems: an error that says what there is instead, unless the program defines the name.
;; error 26:19 a transformer must be (syntax-rules (literal ...) (pattern template) ...)
;; error 27:19 a transformer must be (syntax-rules (literal ...) (pattern template) ...)
;; error 33:9 `f` is defined a second time
;; note 23:10 the first definition is here
;; error 22:2 `define-macro` does not exist here
;; note 22:2 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 23:14 `define-macro` does not exist here
;; note 23:14 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 24:2 `defmacro` does not exist here
;; note 24:2 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 25:2 `define-syntax-rule` does not exist here
;; note 25:2 macros are hygienic: (define-syntax name (syntax-rules () ((_ operand ...) template)))
;; error 28:2 `define-structure` does not exist here
;; note 28:2 the form for records is (define-record-type name (constructor field ...) predicate (field accessor) ...)
;; error 29:2 `fluid-let` does not exist here
;; note 29:2 a value for the time of a body is bound by (parameterize ((parameter value) ...) body ...)
;; error 30:15 `define-type` does not exist here
;; note 30:15 the form for records is (define-record-type name (constructor field ...) predicate (field accessor) ...)
;; error 33:12 `match-lambda` does not exist here
;; note 33:12 patterns are matched by (match expression (pattern body ...) ...)
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
(define f (match-lambda ((x y) x)))
