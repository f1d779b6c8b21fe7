;; delay, delay-force, make-promise: once only, iterative, re-entrant.
;; expect: 3
;; expect: (3 3)
;; expect: (1 2)
;; expect: done
;; expect: 1
;; expect: 5
;; expect: (#t #f #t)
;; expect: 10
;; expect: 100000
;; timeout: 30
;; memory-mb: 1000
(print (force (delay (+ 1 2))))
(print (let ((p (delay (+ 1 2)))) (list (force p) (force p))))
(define integers (letrec ((next (lambda (n) (delay (cons n (next (+ n 1))))))) (next 1)))
(define (head s) (car (force s)))
(define (tail s) (cdr (force s)))
(print (list (head integers) (head (tail integers))))
(define (loop n) (if (= n 0) (delay 'done) (delay-force (loop (- n 1)))))
(print (force (loop 1000000)))
;; computed once
(define count (make-cell 0))
(define p (delay (begin (cell-set! count (+ 1 (cell-ref count))) (cell-ref count))))
(force p)
(print (force p))
;; make-promise, and forcing what is no promise
(print (force (make-promise 5)))
(print (list (promise? (make-promise 1)) (promise? 1) (promise? (make-promise (delay 1)))))
;; re-entrancy: the value of the first to finish stays (R7RS 4.2.5)
(define x (make-cell 5))
(define q
  (delay (begin (cell-set! x (+ 1 (cell-ref x)))
                (if (> (cell-ref x) 10) (cell-ref x) (force q)))))
(print (let ((v (force q))) (cell-set! x 10) (- v 1)))
(define (stream-ref s n) (if (= n 0) (head s) (stream-ref (tail s) (- n 1))))
(print (stream-ref integers 99999))
