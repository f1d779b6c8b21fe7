;;; A process captures its continuation, a new process of the same node goes on with
;;; it, and so on: a migration without a way. The time is that of one change.
;;; Argument: n changes.
(include "measure.scm")

(define (change)
  (call/cc
    (lambda (k)
      (spawn (lambda () (k #t)))
      (halt!))))

(define (walk n)
  (if (= n 0)
      n
      (begin
        (change)
        (walk (- n 1)))))

(define (main n)
  (let ((n (string->number n)) (main (self)))
    (measure "capture" 1 n
             (lambda ()
               (spawn (lambda () (! main (walk n))))
               (?)))))
