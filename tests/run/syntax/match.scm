;; match: every kind of pattern, first clause first, non-linear patterns, guards.
;; expect: zero
;; expect: (one 5)
;; expect: (list a b c)
;; expect: (pair 1 (2 3))
;; expect: quoted
;; expect: symbol-list
;; expect: (same 7)
;; expect: different
;; expect: (vector 1 2)
;; expect: string
;; expect: char
;; expect: (flonum)
;; expect: bignum
;; expect: even
;; expect: odd
;; expect: (unquoted 10)
;; expect: anything
;; expect: empty
;; expect: (nested 1 2 3)
;; expect: (expr (+ 1 (* 2 3)) 7)
;; expect: no-match (99)
;; expect: true
;; expect: (first wins)
;; expect: 3
(print (match 0 (0 'zero) (_ 'other)))
(print (match '(1 5) ((0 x) 'no) ((1 x) (list 'one x))))
(print (match '(a b c) ((x y z) (list 'list x y z))))
(print (match '(1 2 3) ((x . y) (list 'pair x y))))
(print (match 'foo ('bar 'no) ('foo 'quoted)))
(print (match '((a b)) ('((a b)) 'symbol-list)))
(define (same pair) (match pair ((x x) (list 'same x)) ((x y) 'different)))
(print (same '(7 7)))
(print (same '(7 8)))
(print (match '#(1 2) (#(a b c) 'no) (#(a b) (list 'vector a b))))
(print (match "hi" ("ho" 'no) ("hi" 'string)))
(print (match #\a (#\b 'no) (#\a 'char)))
(print (match 1.5 (1 'no) (1.5 '(flonum))))
(print (match (expt 10 30) (1000000000000000000000000000000 'bignum) (_ 'no)))
(define (parity n) (match n (x (where (even? x)) 'even) (x 'odd)))
(print (parity 4))
(print (parity 5))
(define ten 10)
(print (match '(10 ten) ((,ten 'ten) (list 'unquoted ten)) (_ 'no)))
(print (match 'x (_ 'anything)))
(print (match '() ((x) 'no) (() 'empty)))
(print (match '(1 (2 #(3))) ((a (b #(c))) (list 'nested a b c))))
(define (evaluate e)
  (match e
    (('+ a b) (+ (evaluate a) (evaluate b)))
    (('* a b) (* (evaluate a) (evaluate b)))
    (n (where (number? n)) n)))
(print (let ((e '(+ 1 (* 2 3)))) (list 'expr e (evaluate e))))
(print (catch (lambda (e) (string-append (symbol->string (condition-kind e)) " " (object->string (error-object-irritants e))))
         (match 99 (1 'one) ((a b) 'pair))))
(print (match #t (#f 'false) (#t 'true)))
(print (match '(1 2) ((a b) '(first wins)) ((1 2) 'second)))
(print (match (list 1 2) ((a b) (define c (+ a b)) c)))
