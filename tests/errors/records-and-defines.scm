(define f 1)
(define (f) 2)
;; error 2:10 `f` is defined a second time
(define x)
;; error 4:1 define: the value of `x` is missing
(define y 1 2)
;; error 6:1 define: `y` is given several values
(define-record-type p (mk a) p? (a get set-a!))
;; error 8:33 a record field cannot have a modifier
(define-record-type q (mk-q b) q? (a get-a))
;; error 10:29 define-record-type: `b` is not a field of the record
(include "no-such-file.scm")
;; error 12:10 include:
(import (scheme base))
;; error 14:1 `import` must stand at the beginning of the program
