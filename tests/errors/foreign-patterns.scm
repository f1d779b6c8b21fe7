;; Patterns as other systems write them, and record types at the head of a list pattern: list patterns all the same, with
;; a warning that says what to write. None where the variable is used, where the program gives the word a meaning of its
;; own, or where the word is quoted.
;; warning 35:28 `node` is a variable of this pattern
;; note 35:28 a record is taken apart by (record: node pattern ...); the symbol is 'node
;; warning 36:28 `?` is a variable of this pattern
;; note 36:28 a predicate is tested by (is: predicate pattern ...); the symbol is '?
;; warning 37:30 `or` is a variable of this pattern
;; note 37:30 alternatives are (or: pattern ...); the symbol is 'or
;; warning 38:29 `and` is a variable of this pattern
;; note 38:29 several patterns for one datum are (and: pattern ...); the symbol is 'and
;; warning 38:36 `not` is a variable of this pattern
;; note 38:36 what must not match is (not: pattern); the symbol is 'not
;; warning 39:29 `=` is a variable of this pattern
;; note 39:29 bind the datum, and match what the procedure gives of it in the body, or test that in (where ...); the symbol is '=
;; warning 40:28 `$` is a variable of this pattern
;; note 40:28 a record is taken apart by (record: type pattern ...); the symbol is '$
;; warning 41:30 `list` is a variable of this pattern
;; note 41:30 a list is taken apart by (pattern ...); the symbol is 'list
;; warning 41:54 `cons` is a variable of this pattern
;; note 41:54 a pair is taken apart by (pattern . pattern); the symbol is 'cons
;; warning 43:41 `___` is a variable of this pattern
;; note 43:41 there is no ellipsis: (pattern . rest) takes a list of any length and binds its rest
;; warning 43:53 `..1` is a variable of this pattern
;; note 43:53 there is no ellipsis: (pattern . rest) takes a list of any length and binds its rest
;; warning 44:25 `or` is a variable of this pattern
;; note 44:25 alternatives are (or: pattern ...); the symbol is 'or
;; warning 47:62 `or` is a variable of this pattern
;; note 47:62 alternatives are (or: pattern ...); the symbol is 'or
;; warning 48:67 `vector` is a variable of this pattern
;; note 48:67 a vector is taken apart by #(pattern ...); the symbol is 'vector
;; warning 50:37 `cons` is a variable of this pattern
;; note 50:37 a pair is taken apart by (pattern . pattern); the symbol is 'cons
(define-record-type node (make-node x y) node? (x node-x) (y node-y))
(define (one m) (match m ((node x y) (list x y)) (_ 'no)))
(define (two m) (match m ((? number? x) x) (_ 'no)))
(define (three m) (match m ((or 1 5) 'one-or-five) (_ 'no)))
(define (four m) (match m ((and x (not 5)) x) (_ 'no)))
(define (five m) (match m ((= car x) x) (('= car x) x) (_ 'no)))
(define (six m) (match m (($ node x y) x) (_ 'no)))
(define (seven m) (match m ((list x y) (list y x)) ((cons x y) x) (_ 'no)))
(define (eight m) (match m ((list x) (cons x list)) (('list y) y) (_ 'no)))
(define (nine m) (match m ((list-of-3 x ___) x) ((x ..1) x) (_ 'no)))
(define (ten m) (recv ((or x y) x) (after 0 'none)))
(define (eleven list m) (match m ((list x) x) (_ 'no)))
(define (@ x) x)
(define (twelve m) (match m ((@ x y) x) (('node x y) x) ((n (or x)) n) (_ 'no)))
(define (thirteen m) (match m (('a struct x) x) (#(vector x) x) ((vector x) x)))
(define-syntax match-pair (syntax-rules () ((_ e (a b) r) (match e ((a b) r)))))
(define (fourteen m) (match-pair m (cons x) x))
