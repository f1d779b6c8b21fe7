;; A handler cannot resume a failed primitive.
;; expect-error: non-continuable
;; exit: 70
(with-exception-handler
  (lambda (e) 0)
  (lambda () (print (vector-ref (vector 1) 7))))
