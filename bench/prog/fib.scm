;;; Recursive Fibonacci: calls and small-integer arithmetic. Arguments: n, repeats.
(include "measure.scm")

(define (fib n)
  (if (< n 2)
      n
      (+ (fib (- n 1)) (fib (- n 2)))))

(define (main n repeats)
  (let ((n (string->number n)))
    (measure "fib" (string->number repeats) 1 (lambda () (fib n)))))
