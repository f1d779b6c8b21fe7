;; A name that stands twice where names must differ: every part of every form is looked at.
;; error 35:48 field `x` appears twice in the record
;; error 36:35 field `x` appears twice in the record
;; error 37:43 `px` is defined a second time
;; error 39:33 field `a` appears twice in the record
;; error 60:45 syntax-rules: pattern variable `a` appears twice
;; error 61:43 syntax-rules: pattern variable `a` appears twice
;; error 62:20 `g2` is defined a second time
;; error 67:1 field `x` appears twice in the record
;; error 69:21 define-record-type: a record type has no parent and no options here
;; error 38:55 definition of `px` appears twice
;; error 40:12 parameter `a` appears twice
;; error 41:14 parameter `a` appears twice
;; error 42:20 parameter `a` appears twice
;; error 43:30 parameter `b` appears twice
;; error 44:14 variable `a` appears twice
;; error 45:16 variable `a` appears twice
;; error 46:17 variable `a` appears twice
;; error 47:18 variable `a` appears twice
;; error 48:13 variable `a` appears twice
;; error 49:37 parameter `a` appears twice
;; error 50:27 parameter `a` appears twice
;; error 51:17 parameter `a` appears twice
;; error 52:14 parameter `a` appears twice
;; error 53:18 parameter `a` appears twice
;; error 54:34 definition of `a` appears twice
;; error 55:33 definition of `a` appears twice
;; error 56:41 definition of `a` appears twice
;; error 57:41 `a` is defined a second time
;; error 58:45 keyword `k` appears twice
;; error 59:48 keyword `k` appears twice
;; error 65:1 parameter `x` appears twice
;; error 70:13 recv: the clause must be (after timeout body ...)
;; error 71:30 recv: this is no timeout, as `after` has another meaning here
(define-record-type p (mp x) p? (x p-x) (y p) (x p-x2))
(define-record-type q (make-q x y x) q? (x q-x) (y q-y))
(define-record-type r (mr x) r? (x px) (y px))
(define (l) (define-record-type r (mr x) r? (x px) (y px)) mr)
(define-termite-type object a b a)
(lambda (a a) a)
(lambda (a . a) a)
(named-lambda (f a a) a)
(case-lambda ((a) a) ((a b . b) a))
(let ((a 1) (a 2)) a)
(let l ((a 1) (a 2)) a)
(letrec ((a 1) (a 2)) a)
(letrec* ((a 1) (a 2)) a)
(do ((a 1) (a 2)) (#t a))
(let-values (((a b) (values 1 2)) ((a) 3)) a)
(let*-values (((b) 1) ((a a) (values 1 2))) a)
(receive (b a . a) (values 1 2) a)
(define (g a a) a)
(define (h b a . a) a)
(define (i) (define a 1) (define a 2) a)
(define (j) (define-values (b a a) (values 1 2 3)) a)
(define (k) (define a 1) (define-values a (list 2)) a)
(define (m) (define a 1) (define-syntax a (syntax-rules () ((_) 1))) (a))
(let-syntax ((k (syntax-rules () ((_) 1))) (k (syntax-rules () ((_) 1)))) 1)
(letrec-syntax ((k (syntax-rules () ((_) 1))) (k (syntax-rules () ((_) 1)))) 1)
(define-syntax n (syntax-rules () ((_ (a) . a) 1)))
(define-syntax o (syntax-rules () ((_ #(a a)) 1)))
(define-values (g2 g2) (values 1 2))
;; macro-made names are the same if they come out of one use of one template
(define-syntax twice (syntax-rules () ((_) (lambda (x x) x))))
(twice)
(define-syntax fields (syntax-rules () ((_) (define-record-type s (ms x) s? (x sx) (x sy)))))
(fields)
;; parts of the kind that stand elsewhere
(define-record-type (t parent) (mt x) t? (x t-x))
(recv (x x) (after))
(let ((after 1)) (recv (x x) (after 0 'timeout)))
