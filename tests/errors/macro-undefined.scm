;; An undefined name that a template brings: where the macro is.
;; warning 8:15 `undefined-procedure` is not defined
;; note 7:24 this comes from the macro `call-it`, which is defined here
;; note 8:15 when it is reached, it raises an unbound-variable condition
;; warning 8:24 `z` is not defined
;; note 8:24 when it is reached, it raises an unbound-variable condition
(define-syntax call-it (syntax-rules () ((_ x) (undefined-procedure x))))
(define (f y) (call-it z))
(call-it 5)
