;;; A chain of n processes: each spawns the next and ends. Argument: n.
(include "measure.scm")

(define (chain n parent)
  (if (= n 0)
      (! parent 'done)
      (spawn (lambda () (chain (- n 1) parent)))))

(define (main n)
  (let ((n (string->number n)) (me (self)))
    (measure "spawn" 1 n (lambda () (chain n me) (?)))))
