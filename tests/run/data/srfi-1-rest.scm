;; SRFI 1: what is seldom used.
;; expect: (#f #t #f) (#t #f #f #t) (3 #f)
;; expect: (#t #t #f #f #t)
;; expect: (1 (2)) (1 3) ((1 3) (2 4)) ((1) (2) (3) (4) (5))
;; expect: ((3) (2 3) (1 2 3)) ((1 2 3) (2 3) (3)) (((2) (5)) ((1 2) (4 5)))
;; expect: (1 4 9) (1 4 9 . tail)
;; expect: (#t #f #t #t) (#t #f #t)
;; expect: (a b d e) () (a)
;; expect: ((1 4) (2 3))
(import (scheme base) (scheme write) (srfi 1) (only (termite) print))
(define ring '#0=(1 2 3 . #0#))
(define dotted '(1 2 . 3))
(print (map circular-list? (list '(1 2 3) ring dotted)) " " (map dotted-list? (list dotted '() ring 5)) " "
       (list (length+ '(1 2 3)) (length+ ring)))
(print (list (list= = '(1 2) '(1 2) '(1 2)) (list= =) (list= = '(1 2) '(1)) (list= = '(1 2) '(1 3)) (list= = '(1))))
(define-syntax values->list (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))
(print (values->list (car+cdr '(1 2))) " " (unzip1 '((1 2) (3 4))) " " (values->list (unzip2 '((1 2) (3 4)))) " "
       (values->list (unzip5 '((1 2 3 4 5)))))
(print (pair-fold cons '() '(1 2 3)) " " (pair-fold-right cons '() '(1 2 3)) " "
       (pair-fold (lambda (a b acc) (cons (list a b) acc)) '() '(1 2) '(4 5)))
(define (squares . tail) (apply unfold-right zero? (lambda (x) (* x x)) (lambda (x) (- x 1)) 3 tail))
(print (squares) " " (squares 'tail))
(print (list (lset<= eq? '(a) '(a b a) '(a b c c)) (lset<= eq? '(a) '(b)) (lset<= eq?) (lset<= eq? '(a))) " "
       (list (lset= eq? '(b e a) '(a e b) '(e e b a)) (lset= eq? '(a) '(a b)) (lset= eq?)))
(print (lset-intersection eq? (quote (a b c d e)) (lset-xor eq? (quote (a b c)) (quote (c d e)))) " " (lset-xor eq?) " " (lset-xor eq? '(a)))
(print (values->list (lset-diff+intersection = '(1 2 3 4) '(2) '(3 5))))
