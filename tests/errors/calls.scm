;; Calls of what is known: a wrong number of arguments, with the right shape, and what is no procedure.
;; warning 27:3 `3` is called here, but it is not a procedure
;; warning 28:3 `"abc"` is called here, but it is not a procedure
;; warning 29:3 a result of `+` is called here, but it is not a procedure
;; warning 30:3 `(a list of more than seventy characters is cut somewhere in the middle...` is called here, but it is not a procedure
;; warning 31:3 `k` is called here, but it is not a procedure: it is `5`
;; note 22:9 it is defined here
;; warning 32:3 `f` takes at least 2 arguments but is given 1
;; note 23:10 it is defined here; it is called as (f a b c ...)
;; warning 33:3 `g` does not take 0 arguments
;; note 24:9 it is defined here; it is called as (g a [b [c d ...]])
;; warning 34:3 `h` does not take 2 arguments
;; note 25:9 it is defined here; it is called as (h a) or (h x y z)
;; warning 35:3 `lambda` takes 2 arguments but is given 1
;; warning 37:5 `v` is called here, but it is not a procedure: it is `#(1 2 3)`
;; note 36:10 it is defined here
;; warning 38:5 `loop` takes 1 argument but is given 0
;; note 36:24 it is defined here; it is called as (loop x)
;; warning 39:3 `make-parameter` does not take 0 arguments
;; note 39:3 it is called as (make-parameter init [converter])
;; warning 40:3 a result of `cons` is called here, but it is not a procedure
(define k 5)
(define (f a b . c) (+ a b))
(define g (case-lambda ((a) a) ((a b) b) ((a b c . d) b)))
(define h (case-lambda ((x y z) z) ((a) a)))
(define (main)
  (3 3)
  ("abc" 0)
  ((+ 1 2))
  ('(a list of more than seventy characters is cut somewhere in the middle of it ...) 1)
  (k 3 4)
  (f 1)
  (g)
  (h 1 2)
  ((lambda (x y) x) 1)
  (let ((v '#(1 2 3)) (loop (lambda (x) x)))
    (v 0)
    (loop))
  (make-parameter)
  ((cons 1 2) 3)
  (f 1 2 3 4)
  (g 1 2 3 4))
(define (shadow k) (k 1))
