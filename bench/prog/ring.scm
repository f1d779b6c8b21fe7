;;; A ring of n processes. Each receives an integer and sends it less one to the
;;; next; who receives 0 passes it on and ends. Arguments: n, the first integer k.
(include "measure.scm")

(define (node next)
  (let ((k (?)))
    (if (= k 0)
        (! next 0)
        (begin
          (! next (- k 1))
          (node next)))))

;; The first of `n` nodes that lead to `next`.
(define (make-nodes n next)
  (if (= n 0)
      next
      (make-nodes (- n 1) (spawn (lambda () (node next))))))

(define (main n k)
  (let ((n (string->number n)) (k (string->number k)) (me (self)))
    (measure (string-append "ring-" (number->string k)) 1 n
             (lambda ()
               (let ((first (make-nodes (- n 1) me)))
                 (! first k)
                 (node first)
                 'done)))))
