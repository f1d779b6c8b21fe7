;; Definitions: twice, in expressions, of something that is no name, with a modifier.
;; error 9:9 `a` is defined a second time
;; error 11:1 define: the form is not well made
;; error 12:9 define: an identifier is needed
;; error 13:39 a record field cannot have a modifier
;; error 14:31 `z` is not a field of the record
;; error 10:8 `define` cannot stand here
(define a 1)
(define a 2)
(if #t (define y 1) 2)
(define)
(define 5 1)
(define-record-type p (make-p x y) p? (x px set-px!))
(define-record-type q (make-q z) q? (x qx))
