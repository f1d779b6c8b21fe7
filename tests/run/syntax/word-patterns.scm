;; Patterns that begin with a word: record:, is:, and:, or:, not:. A list pattern that begins with a variable of such a
;; name, or with one that is called like a record type, is a list pattern.
;; expect: (point 1 2)
;; expect: (matched 2 3)
;; expect: (got hello 3)
;; expect: (none-of-them one-or-five none)
;; expect: (number 5) (string "s") (other x)
;; expect: (1 small) (5 five) (20 large) (x other)
;; expect: (2 2 no)
;; expect: (differ same)
;; expect: (x 1 2)
;; expect: (tail ()) (tail (2)) no
;; expect: (both (1 2) 1)
;; expect: first
;; expect: (1 2)
;; expect: (3 4)
;; expect: (c)
;; expect: (first-alternative 1)
;; expect: no
;; expect: ((a b) (1))
;; expect: (ok 2) later
;; expect: 5
;; expect: (7 7)
;; expect: 1
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define-record-type node (make-node x y) node? (x node-x) (y node-y))
(print (match (make-point 1 2) ((record: node _ _) 'node) ((record: point a b) (list 'point a b))))
(define (f m) (match m ((node x y) (list 'matched x y)) (_ 'no)))
(print (f '(1 2 3)))
(! (self) (list 'n1 'hello 3))
(print (recv ((node x y) (list 'got x y)) (after 0 'nothing)))
(define (either m) (match m ((or 1 5) 'three) ((or: 1 5) 'one-or-five) ((? a b) 'none-of-them) (_ 'none)))
(print (map either '((1 2 3) 5 6)))
(define (kind m) (match m ((is: number? n) (list 'number n)) ((is: string? n) (list 'string n)) (n (list 'other n))))
(for-each (lambda (m) (write (kind m)) (display (if (eq? m 'x) "\n" " "))) '(5 "s" x))
(define limit 10)
(define (size m)
  (match m
    ((and: (is: number?) (not: 5) (is: (lambda (n) (< n limit)))) 'small)
    (5 'five)
    ((is: number?) 'large)
    (_ 'other)))
(for-each (lambda (m) (display (list m (size m))) (display (if (eq? m 'x) "\n" " "))) '(1 5 20 x))
;; alternatives that bind: in any place, in any order
(define (g m) (match m ((or: (1 x) (x 1)) x) (#((or: ('a x y) ('b y x))) (list x y)) (_ 'no)))
(print (map g '((1 2) (2 1) (2 2))))
(print (map (lambda (m) (match m ((x (not: x)) 'differ) ((x x) 'same))) '((1 2) (2 2))))
(print (cons 'x (match '#((b 2 1)) (m (g m)))))
;; behind a dot, and after variables of the same pattern
(define (tail m) (match m ((1 or: () (2)) (list 'tail (cdr m))) (_ 'no)))
(for-each (lambda (m) (display (tail m)) (display (if (equal? m '(1 3)) "\n" " "))) '((1) (1 2) (1 3)))
(print (match '(1 2) ((and: whole (first . _)) (list 'both whole first))))
(print (match '(a b a) ((x y (or: x y)) 'first) (_ 'no)))
(print (match '((b 2) 1) ((or: (('a x) y) (('b y) x)) (list x y))))
(print (match '(3 4) ((or: (x (and: (is: number?) y) 1) (x y)) (list x y)) (_ 'no)))
(print (match '(a b c) (((or: 'a 'b) . (or: ('c x) (_ x))) (list x)) (_ 'no)))
;; the first alternative that matches decides: a guard that refuses it goes on with the next clause
(print (match '(1 2) ((or: (x _) (_ x)) (where (= x 1)) (list 'first-alternative x)) (_ 'no)))
(print (match '(1 2) ((or: (x _) (_ x)) (where (= x 2)) x) (_ 'no)))
;; recv: what does not match stays
(for-each (lambda (m) (! (self) m)) '(1 a b))
(define symbols (let loop ((all '())) (recv ((is: symbol? s) (loop (cons s all))) (after 0 (reverse all)))))
(print (list symbols (list (?))))
;; a predicate may receive; a comparison in an alternative is no common tag
(define tag (make-tag))
(! (self) 'later)
(! (self) (list 'reply 2))
(display (recv ((or: ('reply n) (,tag n)) (list 'ok n))))
(display " ")
(print (?))
(print (let ((n 5)) (match 5 ((and: ,n m) m))))
;; hygiene: words made by a macro, variables of two spellings that are one
(define-syntax match-both (syntax-rules () ((_ e p r) (match e ((and: x p) (list x r))))))
(print (match-both 7 x x))
(print (let ((or: 'user)) (match '(1 2) ((or: _) or:) (_ or:))))
