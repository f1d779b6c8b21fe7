;;; A persistent dictionary with n integers as keys: inserted, then looked up, in an
;;; order that is not theirs. Argument: n.
(include "measure.scm")

(define (key i) (remainder (* i 7919) 1000003))

(define (insert i n d)
  (if (= i n) d (insert (+ i 1) n (dict-set d (key i) i))))

(define (add-up i n d sum)
  (if (= i n) sum (add-up (+ i 1) n d (+ sum (dict-ref d (key i))))))

(define (main n)
  (let ((n (string->number n)))
    (measure "dict-insert" 1 n (lambda () (dict-length (insert 0 n (dict)))))
    (let ((d (insert 0 n (dict))))
      (measure "dict-lookup" 1 n (lambda () (add-up 0 n d 0))))))
