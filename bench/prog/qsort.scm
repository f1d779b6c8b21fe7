;;; Quicksort of a list of random integers. Arguments: n, repeats.
(include "measure.scm")

;; Sorts `list` in front of `sorted`.
(define (qsort list sorted)
  (if (null? list)
      sorted
      (split (car list) (cdr list) '() '() sorted)))

(define (split pivot list less rest sorted)
  (cond ((null? list)
         (qsort less (cons pivot (qsort rest sorted))))
        ((< (car list) pivot)
         (split pivot (cdr list) (cons (car list) less) rest sorted))
        (else
         (split pivot (cdr list) less (cons (car list) rest) sorted))))

(define (random-list n seed)
  (if (= n 0)
      '()
      (cons seed (random-list (- n 1) (modulo (+ (* seed 1103515245) 12345) 2147483648)))))

;; The sum of the differences of neighbours, with alternating signs: tells sorted
;; lists apart.
(define (signature list sum)
  (if (null? (cdr list))
      sum
      (signature (cdr list) (- (- (car (cdr list)) (car list)) sum))))

(define (main n repeats)
  (let ((numbers (random-list (string->number n) 42)))
    (measure "qsort" (string->number repeats) 1
             (lambda () (signature (qsort numbers '()) 0)))))
