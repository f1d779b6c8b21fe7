;; Top-level begin splices; definitions may refer forward; unused ones cost nothing.
;; expect: 3
;; expect: (even 10)
;; expect: 2
(begin (define a 1) (define b 2))
(print (+ a b))
(define (is-even n) (if (= n 0) 'even (is-odd (- n 1))))
(define (is-odd n) (if (= n 0) 'odd (is-even (- n 1))))
(print (list (is-even 10) 10))
(define (list-length-of . xs) (length xs))
(print (list-length-of 1 2))
