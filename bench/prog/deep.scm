;;; Non-tail recursion n deep: the stack grows into the heap. Arguments: n, repeats.
(include "measure.scm")

(define (count n)
  (if (= n 0)
      0
      (+ 1 (count (- n 1)))))

(define (main n repeats)
  (let ((n (string->number n)))
    (measure "deep" (string->number repeats) 1 (lambda () (count n)))))
