;; Words of other systems' patterns, and predicates at the head of a list pattern: list patterns all the same, with a warning
;; that says what to write. None where the variable is used, or where the name means nothing.
;; warning 34:28 `string?` is a variable of this pattern
;; note 34:28 a predicate is tested by (is: string? pattern ...); the symbol is 'string?
;; warning 34:44 `point?` is a variable of this pattern
;; note 34:44 a predicate is tested by (is: point? pattern ...); the symbol is 'point?
;; warning 35:28 `list-no-order` is a variable of this pattern
;; note 35:28 a list is taken apart by (pattern ...), in order; the symbol is 'list-no-order
;; warning 35:52 `mcons` is a variable of this pattern
;; note 35:52 a pair is taken apart by (pattern . pattern); the symbol is 'mcons
;; warning 35:68 `list-tail` is a variable of this pattern
;; note 35:68 a list is taken apart by (pattern ... . rest); the symbol is 'list-tail
;; warning 36:30 `==` is a variable of this pattern
;; note 36:30 what is equal to the value of an expression is ,expression; the symbol is '==
;; warning 36:45 `regexp` is a variable of this pattern
;; note 36:45 a text is tested by (is: predicate pattern ...); the symbol is 'regexp
;; warning 36:63 `pregexp` is a variable of this pattern
;; note 36:63 a text is tested by (is: predicate pattern ...); the symbol is 'pregexp
;; warning 37:29 `hash-table` is a variable of this pattern
;; note 37:29 bind the datum, and look into it in the body, or in (where ...); the symbol is 'hash-table
;; warning 38:29 `box` is a variable of this pattern
;; note 38:29 bind the datum, and look into it in the body, or in (where ...); the symbol is 'box
;; warning 39:28 `list` is a variable of this pattern
;; note 39:28 a list is taken apart by (pattern ...); the symbol is 'list
;; warning 40:32 `***` is a variable of this pattern
;; note 40:32 there is no ellipsis: (pattern . rest) takes a list of any length and binds its rest
;; warning 40:46 `**1` is a variable of this pattern
;; note 40:46 there is no ellipsis: (pattern . rest) takes a list of any length and binds its rest
;; warning 40:58 `=..` is a variable of this pattern
;; note 40:58 there is no ellipsis: (pattern . rest) takes a list of any length and binds its rest
;; warning 42:26 `number?` is a variable of this pattern
;; note 42:26 a predicate is tested by (is: number? pattern ...); the symbol is 'number?
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define (one m) (match m ((string? s) s) ((point? p) p) (_ 'no)))
(define (two m) (match m ((list-no-order a b) a) ((mcons a b) a) ((list-tail a b) a) (_ 'no)))
(define (three m) (match m ((== 5) 'five) ((regexp "a") 'a) ((pregexp "a") 'a) (_ 'no)))
(define (four m) (match m ((hash-table ("a" b)) b) (_ 'no)))
(define (five m) (match m ((box b) b) (_ 'no)))
(define (six m) (match m ((list) 'empty) ((and) 'one) (('list) 'two) (_ 'no)))
(define (seven m) (match m ((a *** b) a) ((a **1) a) ((a =.. 2) a) (_ 'no)))
(define (eight m) (match m ((string? s) (if string? s #f)) ((any-word? s) s) ((x point?) x) (_ 'no)))
(define (nine m) (recv ((number? n) n) (after 0 'none)))
