;; Uses that no rule of a macro matches show the use, the patterns and the definition; errors and undefined names that a
;; template brings say so.
;; error 21:1 no rule of the macro `two` matches this use: (two 1)
;; note 20:20 the macro is defined here; its patterns: (two a b), (two a b c . rest)
;; error 29:1 no rule of the macro `none` matches this use: (none 1 2)
;; note 28:21 the macro is defined here; its patterns: none
;; error 31:1 no rule of the macro `long` matches this use: (long)
;; note 30:21 the macro is defined here; its patterns: (long 1), (long 2), (long 3), (long 4), (long 5), (long 6), ...
;; error 23:13 no rule of the macro `two` matches this use: (two (5))
;; note 22:24 this comes from the macro `use-two`, which is defined here
;; note 20:20 the macro is defined here; its patterns: (two a b), (two a b c . rest)
;; error 25:13 if: something is missing
;; note 24:23 this comes from the macro `bad-if`, which is defined here
;; note 25:13 the form is (if test then [else])
;; error 27:9 `else` is syntax and cannot be used as a value
;; note 27:9 `else` begins the last clause of `cond`, `case`, `guard`
;; error 27:1 if: something is missing
;; note 26:22 this comes from the macro `twice`, which is defined here
;; note 27:1 the form is (if test then [else])
(define-syntax two (syntax-rules () ((_ a b) (list a b)) ((_ a b c . rest) (list a b))))
(two 1)
(define-syntax use-two (syntax-rules () ((_ x) (two (x)))))
(define (f) (use-two 5))
(define-syntax bad-if (syntax-rules () ((_ x) (if))))
(define (g) (bad-if 5))
(define-syntax twice (syntax-rules () ((_ x) (begin x (if x)))))
(twice (else))
(define-syntax none (syntax-rules ()))
(none 1 2)
(define-syntax long (syntax-rules () ((_ 1) 1) ((_ 2) 1) ((_ 3) 1) ((_ 4) 1) ((_ 5) 1) ((_ 6) 1) ((_ 7) 1)))
(long)
