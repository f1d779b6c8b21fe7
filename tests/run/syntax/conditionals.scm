;; if, cond, case, and, or, when, unless.
;; expect: greater
;; expect: equal
;; expect: 2
;; expect: composite
;; expect: c
;; expect: (else 9)
;; expect: string-result
;; expect: #t
;; expect: (f g)
;; expect: #t
;; expect: (b c)
;; expect: #f
;; expect: (1 2)
;; expect: bignum
;; expect: char
;; expect: only-test
(print (cond ((> 3 2) 'greater) ((< 3 2) 'less)))
(print (cond ((> 3 3) 'greater) ((< 3 3) 'less) (else 'equal)))
(print (cond ((assv 'b '((a 1) (b 2))) => cadr) (else #f)))
(print (case (* 2 3) ((2 3 5 7) 'prime) ((1 4 6 8 9) 'composite)))
(print (case (car '(c d)) ((a e i o u) 'vowel) ((w y) 'semivowel) (else => (lambda (x) x))))
(print (case 9 ((1) 1) (else => (lambda (x) (list 'else x)))))
(print (case 'x ((x) => (lambda (x) 'string-result)) (else 'no)))
(print (and (= 2 2) (> 2 1)))
(print (and 1 2 'c '(f g)))
(print (and))
(print (or (memq 'b '(a b c)) (/ 3 0)))
(print (or))
(print (list (when #t 0 1) (unless #f 2)))
(print (case 1000000000000000000000 ((1000000000000000000000) 'bignum) (else 'no)))
(print (case #\a ((#\b) 'no) ((#\a) 'char)))
(print (cond ('only-test)))
