;; Names that are imported or exported twice.
;; error 6:43 export: `a` is exported twice with different meanings
;; error 8:23 import: `a` is imported twice with different meanings
;; error 10:51 import: `car` is renamed twice
;; error 11:9 import: `cdr` is imported twice with different meanings
(define-library (one) (export a (rename b a)) (import (scheme base)) (begin (define a 1) (define b 2)))
(define-library (two) (export a a (rename b c) (rename b d)) (import (scheme base)) (begin (define a 1) (define b 2)))
(import (scheme base) (one))
(import (prefix (two) two-))
(import (rename (only (scheme base) car) (car a) (car b)))
(import (rename (only (scheme base) car cdr) (car cdr)))
