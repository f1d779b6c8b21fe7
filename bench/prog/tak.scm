;;; The Takeuchi function: calls with three arguments. Arguments: x, y, z, repeats.
(include "measure.scm")

(define (tak x y z)
  (if (< y x)
      (tak (tak (- x 1) y z)
           (tak (- y 1) z x)
           (tak (- z 1) x y))
      z))

(define (main x y z repeats)
  (let ((x (string->number x)) (y (string->number y)) (z (string->number z)))
    (measure "tak" (string->number repeats) 1 (lambda () (tak x y z)))))
