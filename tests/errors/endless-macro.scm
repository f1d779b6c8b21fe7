;; Endless macro expansion ends in an error.
;; error 4:8 endless macro expansion
(define-syntax again (syntax-rules () ((_ x) (again x))))
(print (again 1))
