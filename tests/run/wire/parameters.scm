;; A parameter that the top level defines is the same in every run, so bindings that travel reach it; one that is made
;; later is itself only, also after the way.
(define (copy x) (bytevector->object (object->bytevector x)))

(define p (make-parameter 1))
(define q (make-parameter 1 (lambda (x) (* 10 x))))
(define copied (copy p))
(println (p) (q) (copied) (parameterize ((p 2)) (copied)) (parameterize ((copied 3)) (p)))
;; expect: 110123

;; Two of one name, by a macro, are two.
(define-syntax define-pair
  (syntax-rules ()
    ((_ get set)
     (begin (define hidden (make-parameter 'a)) (define (get) (hidden)) (define (set v thunk) (parameterize ((hidden v)) (thunk)))))))
(define-pair get-1 with-1)
(define-pair get-2 with-2)
(println (with-1 'b (lambda () (list (get-1) (get-2)))) (with-2 'c (lambda () (list (get-1) (get-2)))))
;; expect: (b a)(a c)

;; Made in a procedure: each its own.
(define (new) (make-parameter 0))
(define a (new))
(define b (new))
(println (parameterize ((a 5)) (list (a) (b) ((copy a)) ((copy b)))))
;; expect: (5 0 5 0)

;; make-parameter of the program's own, and as a value, are what they are.
(define made (apply make-parameter '(7)))
(println (made) (parameterize ((made 8)) ((copy made))))
;; expect: 78
(let ()
  (define (make-parameter x) (list 'mine x))
  (println (make-parameter 1)))
;; expect: (mine 1)
