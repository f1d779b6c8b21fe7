;; Parameters: converters, nesting, continuations, processes.
;; expect: (10 2 10)
;; expect: 12
;; expect: (1 (2 3) 1)
;; expect: 16
;; expect: child 5
;; expect: child 1
;; expect: (bad value)
;; expect: (2 1)
;; expect: (inside outside inside)
(define radix (make-parameter 10 (lambda (x) (if (and (exact-integer? x) (<= 2 x 16)) x (raise '(bad value))))))
(print (list (radix) (parameterize ((radix 2)) (radix)) (radix)))
(define (f n) (number->string n (radix)))
(print (f 12))
(define a (make-parameter 1))
(define b (make-parameter 3))
(print (list (a) (parameterize ((a 2)) (list (a) (b))) (a)))
(print (parameterize ((radix 16)) (parameterize () (radix))))
;; a process starts with the parameters of its parent
(define me (self))
(parameterize ((a 5))
  (spawn (lambda () (! me (a))))
  (print "child " (?)))
(spawn (lambda () (! me (a))))
(print "child " (?))
(print (with-exception-catcher (lambda (e) e) (lambda () (parameterize ((radix 99)) 'no))))
;; simultaneous binding
(print (parameterize ((a 1) (b 2)) (parameterize ((a (b)) (b (a))) (list (a) (b)))))
;; continuations put the parameters back
(define where (make-parameter 'outside))
(define k (make-cell #f))
(define log (make-cell '()))
(define (note) (cell-set! log (cons (where) (cell-ref log))))
(parameterize ((where 'inside))
  (call/cc (lambda (c) (cell-set! k c)))
  (note))
(if (= 1 (length (cell-ref log)))
    (begin (note) ((cell-ref k) 'again))
    (print (reverse (cell-ref log))))
