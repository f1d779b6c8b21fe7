;; An escaping procedure is a flat closure; a local one that is only called gets
;; its free variables as parameters; one without any is a constant.
(define (make-adder n)
  (define (add x) (+ x n))
  (define (twice f x) (f (f x)))
  (list add twice))
(define (count-pairs tree limit)
  (define (count tree so-far)
    (cond ((not (pair? tree)) so-far)
          ((= so-far limit) limit)
          (else (count (cdr tree) (count (car tree) (+ so-far 1))))))
  (count tree 0))
(! (self) (list make-adder count-pairs))
