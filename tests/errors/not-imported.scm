;; A program that imports: a name that a library exports says which; syntax that is not imported, nothing of its operands.
;; warning 12:16 `filter` is not defined
;; note 12:16 it is in a library: (import (srfi 1))
;; warning 13:12 `case-lambda` is not defined
;; note 13:12 it is in a library: (import (scheme case-lambda))
;; warning 14:2 `match` is not defined
;; note 14:2 it is in a library: (import (termite))
;; warning 15:2 `twice` is not defined
;; note 15:2 it is in a library: (import (my twice))
(define-library (my twice) (export twice two) (import (scheme base)) (begin (define (twice x) (* 2 x)) (define two 2)))
(import (scheme base) (only (my twice) two))
(define (f l) (filter odd? l))
(define g (case-lambda ((x) y) ((x . z) ())))
(match two ((a b) c))
(twice two)
