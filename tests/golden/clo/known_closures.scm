;; Where a closure is entered by direct jumps, every slot that holds it says of
;; which code it is; where it is only a value, it is a procedure like any other.
(define (make n get)
  (define (step x) (if (get x) (list step other x) (step (get n))))
  (define (other x) (step (+ x n)))
  (get step)
  (step 1))
(! (self) make)
