;; define-record-type without mutation: constructor, predicate, accessors.
;; expect: (1 2)
;; expect: (#t #f #f)
;; expect: wrong-type
;; expect: 5
;; expect: #t
;; expect: #f
;; expect: hidden
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define p (make-point 1 2))
(print (list (point-x p) (point-y p)))
(print (list (point? p) (point? 5) (point? (vector 1 2))))
(print (catch condition-kind (point-x 5)))
;; fields in another order than the constructor's, one not in it
(define-record-type <thing> (make-thing b) thing? (a thing-a) (b thing-b))
(define t (make-thing 5))
(thing-a t)
(print (thing-b t))
(print (equal? p p))
;; two types of the same name are distinct
(define (make-type)
  (define-record-type point (make x) is? (x get))
  (is? p))
(print (make-type))
(define (local)
  (define-record-type secret (make-secret v) secret? (v secret-v))
  (secret-v (make-secret 'hidden)))
(print (local))
