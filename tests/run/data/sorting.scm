;; list-sort, sort: stable, on lists and vectors, large.
;; expect: (0 1 2 3 4 5 7 9)
;; expect: ((0 b) (0 d) (1 a) (1 c) (1 e))
;; expect: #(1 2 3)
;; expect: (apple banana cherry)
;; expect: #t
;; expect: () (1)
;; timeout: 30
(print (list-sort < '(3 1 2 5 4 9 0 7)))
(print (list-sort (lambda (a b) (< (car a) (car b))) '((1 a) (0 b) (1 c) (0 d) (1 e))))
(print (sort (vector 3 1 2) <))
(print (sort '("cherry" "apple" "banana") string<?))
(define (pseudo-random n seed)
  (let loop ((i 0) (x seed) (l '()))
    (if (= i n) l (loop (+ i 1) (modulo (+ (* x 1103515245) 12345) 2147483648) (cons x l)))))
(define (sorted? l) (or (null? l) (null? (cdr l)) (and (<= (car l) (cadr l)) (sorted? (cdr l)))))
(let ((l (pseudo-random 200000 42)))
  (print (and (sorted? (list-sort < l)) (= (apply + l) (apply + (list-sort > l))))))
(print (list-sort < '()) " " (list-sort < '(1)))
