;; Macros: bad patterns and templates, uses that no rule matches.
;; error 6:49 a list pattern can have only one ellipsis
;; error 8:1 no rule of the macro `two` matches
;; error 9:56 `a` needs 1 ellipsis behind it
;; error 10:25 a transformer must be
(define-syntax bad (syntax-rules () ((_ a ... b ...) 1)))
(define-syntax two (syntax-rules () ((_ a b) (list a b))))
(two 1)
(define-syntax depth (syntax-rules () ((_ a ...) (list a))))
(define-syntax no-rules 5)
