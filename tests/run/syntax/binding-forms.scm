;; let, let*, letrec, letrec*, named let, do, internal definitions.
;; expect: 35
;; expect: 70
;; expect: #t
;; expect: 5
;; expect: ((6 1 3) (-5 -2))
;; expect: 25
;; expect: #(0 1 2 3 4)
;; expect: 45
;; expect: (2 1)
;; expect: (3 4)
;; expect: (1 2 3)
;; expect: shadowed
;; expect: uninitialized-variable
;; expect: 15
(print (let ((x 2) (y 3)) (let ((x 7) (z (+ x y))) (* z x))))
(print (let ((x 2) (y 3)) (let* ((x 7) (z (+ x y))) (* z x))))
(print (letrec ((even? (lambda (n) (if (zero? n) #t (odd? (- n 1))))) (odd? (lambda (n) (if (zero? n) #f (even? (- n 1))))))
         (even? 88)))
(print (letrec* ((p (lambda (x) (+ 1 (q (- x 1))))) (q (lambda (y) (if (zero? y) 0 (+ 1 (p (- y 1)))))) (x (p 5)) (y x)) y))
(print (let loop ((numbers '(3 -2 1 6 -5)) (nonneg '()) (neg '()))
         (cond ((null? numbers) (list nonneg neg))
               ((>= (car numbers) 0) (loop (cdr numbers) (cons (car numbers) nonneg) neg))
               ((< (car numbers) 0) (loop (cdr numbers) nonneg (cons (car numbers) neg))))))
(print (let ((x '(1 3 5 7 9))) (do ((x x (cdr x)) (sum 0 (+ sum (car x)))) ((null? x) sum))))
(print (list->vector (do ((i 4 (- i 1)) (acc '() (cons i acc))) ((< i 0) acc))))
(define (f x)
  (define (g y) (* x y))
  (define h (lambda (z) (+ z (g z))))
  (h 5))
(print (+ (f 8) 0))
(print (let ((a 1) (b 2)) (let ((a b) (b a)) (list a b))))
(define (tricky)
  (define a 3)
  (begin (define b 4))
  (list a b))
(print (tricky))
(print (let () (define-values (a b) (values 1 2)) (define c (+ a b)) (list a b c)))
(print (let ((car (lambda (x) 'shadowed))) (car '(1))))
(print (catch condition-kind (letrec* ((a (lambda () b)) (c (a)) (b 1)) c)))
(define (sum . xs) (let loop ((xs xs) (acc 0)) (if (null? xs) acc (loop (cdr xs) (+ acc (car xs))))))
(print (apply sum '(1 2 3 4 5)))
