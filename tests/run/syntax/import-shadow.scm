;; A program may define a name that it imports; R7RS's raise is not continuable.
;; expect: (my-square 3)
;; expect: (mine 1 2)
;; expect: (non-continuable ())
(import (scheme base) (scheme write))
(define (square x) (list 'my-square x))
(define-syntax when (syntax-rules () ((_ a b) (list 'mine a b))))
(define (show x) (write x) (newline))
(show (square 3))
(show (when 1 2))
(show (call-with-current-continuation
       (lambda (k)
         (with-exception-handler
          (lambda (outer) (k (list 'non-continuable '())))
          (lambda () (with-exception-handler (lambda (inner) 5) (lambda () (raise 'oops))))))))
