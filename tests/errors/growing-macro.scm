;; So does an expansion that grows.
;; error 4:8 endless macro expansion
(define-syntax grow (syntax-rules () ((_ x) (grow (x)))))
(print (grow 1))
