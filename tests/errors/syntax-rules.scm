(define-syntax a (syntax-rules () ((_ x x) 1)))
;; error 1:41 syntax-rules: pattern variable `x` appears twice
(define-syntax b (syntax-rules () ((_ x) (x ...))))
;; error 3:45 syntax-rules: no variable before this ellipsis is one to repeat
(define-syntax c (syntax-rules () ((_ x ...) x)))
;; error 5:46 syntax-rules: `x` needs 1 ellipsis behind it in the template
(define-syntax d (syntax-rules () ((_ x) 1)))
(d)
;; error 8:1 no rule of the macro `d` matches this use
(define-syntax e (syntax-rules () ((_ (x ...) (y ...)) '((x y) ...))))
;; error 12:1 the sequences matched by `x` and `y` have different lengths
(e (1 2) (1))
