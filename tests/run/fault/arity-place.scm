;; A wrong number of arguments, where no caller is in the program's own code: the report says
;; where the procedure is.
;; expect: normal
;; expect: (exception #t)
;; expect-error: arity-place.scm:10:22: error in top level: top level: wrong number of arguments
;; expect-error: arity-place.scm:12:8: error in ask: top level: wrong number of arguments: 1
(define (end-of pid) (match (wait-for pid) (('exception e) (list 'exception (error-object? e))) (reason reason)))
(print (end-of (spawn (lambda () 'done))))
(print (end-of (spawn
                     (lambda (argument) argument))))
(define (ask f)
  (+ 1 (f 1)))
(ask (lambda (a b) a))
;; exit: 70
