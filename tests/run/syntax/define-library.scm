;; define-library in front of the program: exports, renames, private names, macros.
;; expect: 42
;; expect: (private 42)
;; expect: 3
;; expect: (swapped 2 1)
(define-library (test counter)
  (export make-counter (rename counter-value value-of) swapped)
  (import (scheme base))
  (begin
    (define hidden 42)
    (define (make-counter) (list 'private hidden))
    (define (counter-value c) (cadr c))
    (define-syntax swapped (syntax-rules () ((_ a b) (list 'swapped b a))))))
(define-library (test user)
  (export total)
  (import (scheme base) (test counter))
  (begin (define (total . xs) (apply + xs))))
(import (scheme base) (scheme write) (test counter) (test user))
(define hidden 1)
(define (show x) (display x) (newline))
(show (value-of (make-counter)))
(show (make-counter))
(show (total 1 2))
(show (swapped 1 2))
