;; match: each part is taken once in a clause; the first clause wins.
(define-record-type <point> (make-point x y) point? (x point-x) (y point-y))
(define (f msg n)
  (match msg
    (('a b b) (where (> b 1)) b)
    ((,n "s" 1.5) 'computed)
    (#(1 x) x)
    ((record: <point> x _) x)
    (() 'nil)
    (other other)))
