;; A program that imports R7RS libraries only: import sets, and raise as R7RS has it.
;; expect: (1 2)
;; expect: 10
;; expect: 7
;; expect: (caught 1)
;; expect: 43
;; expect: non-continuable
;; expect: 6
(import (scheme base) (only (scheme write) display)
        (prefix (scheme char) c:)
        (rename (except (scheme inexact) sin) (sqrt root))
        (only (termite) condition-kind))
(define (show x) (display x) (newline))
(show (list 1 2))
(show (root 100))
(show (c:digit-value #\7))
(show (guard (e (#t (list 'caught e))) (raise 1)))
(show (with-exception-handler (lambda (e) 42) (lambda () (+ 1 (raise-continuable 'x)))))
(show (guard (e ((error-object? e) (condition-kind e)))
        (with-exception-handler (lambda (e) 42) (lambda () (+ 1 (raise 'x))))))
(define (print x) (+ x 1))
(show (print 5))
