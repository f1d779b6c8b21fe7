;; Libraries of SRFIs give what they are for: 8, 16, 34, 87, 95, 98. `raise` is that of the SRFI: a handler that returns is an error.
;; expect: (1 (2))
;; expect: 2
;; expect: caught
;; expect: non-continuable
;; expect: (five other)
;; expect: ((1 2 3) #t (1 2 3))
;; expect: (#f #t)
;; expect: absent
(import (only (scheme base) define lambda quote list cons symbol? pair? values)
        (only (termite) print condition-kind condition?) (srfi 8) (srfi 16) (srfi 34) (srfi 87) (srfi 95) (srfi 98)
        (only (scheme base) cond-expand <))
(receive (a . rest) (values 1 2) (print (list a rest)))
(print ((case-lambda ((x) 1) ((x y) 2)) 'a 'b))
(print (guard (e ((symbol? e) e)) (raise 'caught)))
(print (guard (e ((condition? e) (condition-kind e)))
         (with-exception-handler (lambda (e) 'returned) (lambda () (raise 'oops)))))
(define (name x) (case x ((5) 'five) (else => (lambda (x) x))))
(print (list (name 5) (name 'other)))
(print (list (sort '(3 1 2) <) (sorted? '(1 2) <) (merge '(1 3) '(2) <)))
(print (list (get-environment-variable "NO SUCH VARIABLE") (pair? (cons 1 (get-environment-variables)))))
(cond-expand ((library (srfi 133)) (print 'there)) (else (print 'absent)))
