;; A wrong number of arguments, where no caller is in the program's own code: the report says
;; where the procedure is.
;; expect: #t
;; expect-error: arity-place.scm:7:20: error in top level: top level: wrong number of arguments
;; expect-error: arity-place.scm:9:8: error in ask: top level: wrong number of arguments: 1
(define (failure-of thunk) (catch error-object? (spawn-link thunk) (? 10 'nothing)))
(print (failure-of (lambda (argument) argument)))
(define (ask f)
  (+ 1 (f 1)))
(ask (lambda (a b) a))
;; exit: 70
