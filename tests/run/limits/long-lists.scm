;; Every list procedure on a million elements.
;; expect: (1000000 1000000 500000 500000 999999 499999500000)
;; expect: (1000000 999999 0 1000000)
;; expect: (499999500000 499999500000 2000000 1000000)
;; expect: (#t 999999 (999999) #t)
;; expect: (1000000 1000000 500000)
;; memory-mb: 3000
;; timeout: 60
;; heavy
(define n 1000000)
(define l (iota n))
(print (list (length (map square l)) (length (append l '())) (length (filter even? l)) (length (remove even? l))
             (last l) (fold + 0 l)))
(print (list (length (reverse l)) (list-ref l (- n 1)) (car (list-sort < (reverse l))) (length (list-copy l))))
(print (list (fold-right + 0 l) (apply + l) (length (append-map (lambda (x) (list x x)) l)) (vector-length (list->vector l))))
(print (list (equal? l (list-copy l)) (list-index (lambda (x) (= x (- n 1))) l) (member (- n 1) l) (every number? l)))
(print (list (length (map + l l)) (length (delete -1 l)) (call-with-values (lambda () (partition even? l)) (lambda (a b) (length a)))))
