;; Reports name the procedure a failing operation was written in: in a clause of a
;; recv, in a loop, in a lambda given to a library procedure, in an inlined one.
;; expect-error: names.scm:13:11: error in server: car: wrong type of argument: 4
;; expect-error: names.scm:14:47: error in outer: vector-ref: argument out of range: 10
;; expect-error: names.scm:15:51: error in with-map: car: wrong type of argument: 1
;; expect-error: names.scm:16:23: error in second-of: cdr: wrong type of argument: 7
;; expect-error: names.scm:17:22: error in sort-these: <: wrong type of argument: a
;; expect-error: names.scm:18:20: error in find-key: dict-ref: wrong type of argument: 5
;; expect-error: names.scm:21:15: error in h: deep: 1
(define (server n)
  (recv
    (('add k) (server (+ n k)))
    ('bad (car n))))
(define (outer) (do ((i 0 (+ i 1))) ((= i 10) (vector-ref (vector 1) i)) #f))
(define (with-map) (cons 1 (map (lambda (x) (list (car x))) '(1 2))))
(define (second-of l) (cadr l))
(define (sort-these) (list-sort < '(1 a 2)))
(define (find-key) (dict-ref 5 5))
(define (f a) (g a))
(define (g a) (h a))
(define (h a) (error "deep" a))
(define (try f) (wait-for (spawn (lambda () (+ 1 (f))))))
(define p (spawn (lambda () (server 1))))
(! p '(add 3))
(! p 'bad)
(wait-for p)
(try outer)
(try with-map)
(try (lambda () (second-of 7)))
(try sort-these)
(try find-key)
(try (lambda () (list (f 1))))
