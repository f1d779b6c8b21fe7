;;; Children that a simple-one-for-one supervisor starts on request, one after the
;;; other. Argument: n children.
(include "measure.scm")

(define (idle) (recv ('shutdown 'done) (other (idle))))

(define (start i n supervisor)
  (if (= i n)
      (supervisor-count supervisor)
      (begin
        (supervisor-start-child supervisor)
        (start (+ i 1) n supervisor))))

(define (main n)
  (let ((n (string->number n))
        (supervisor (supervisor-start 'simple-one-for-one (list (make-child 'worker (thunk-starter idle) 'temporary)))))
    (measure "supervised-start" 1 n (lambda () (start 0 n supervisor)))))
