;; Two procedures with the same code, which only their places tell apart: a continuation that relies on the code of the
;; second one is read again.
;; expect: 1
;; expect: body
;; expect: 1
;; expect: #t
(define (pause x) (call/cc (lambda (k) ((bytevector->object (object->bytevector k)) x))))
(define (main)
  (let ((x (string->number "1")))
    (dynamic-wind
      (lambda () (print (pause x)))
      (lambda () (print 'body))
      (lambda () (print (pause x))))
    (print (= x 1))))
