;;; Naive reverse: allocation. n elements make n*n/2 pairs. Arguments: n, repeats.
(include "measure.scm")

(define (join a b)
  (if (null? a)
      b
      (cons (car a) (join (cdr a) b))))

(define (nrev list)
  (if (null? list)
      '()
      (join (nrev (cdr list)) (cons (car list) '()))))

(define (count-down n)
  (if (= n 0)
      '()
      (cons n (count-down (- n 1)))))

(define (main n repeats)
  (let ((numbers (count-down (string->number n))))
    (measure "nrev" (string->number repeats) 1 (lambda () (car (nrev numbers))))))
