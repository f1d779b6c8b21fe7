;; A continuation of ten million frames as bytes and back; one of fifty million is too large, which its sender is told.
;; heavy
;; long
;; timeout: 300
;; memory-mb: 4000
(define (deep n p) (if (= n 0) (call/cc (lambda (k) k)) (let ((v (deep (- n 1) p))) (if (procedure? v) v (+ (modulo n p) v)))))
(define (sum n) (let ((k (deep n 1000))) (if (number? k) k ((bytevector->object (object->bytevector k)) 0))))
(println (sum 10000000))
;; expect: 4995000000
(println (with-exception-catcher (lambda (e) (error-object-message e)) (lambda () (sum 50000000))))
;; expect: object->bytevector: result too large
