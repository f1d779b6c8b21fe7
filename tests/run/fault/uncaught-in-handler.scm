;; What a handler raises goes outward, at last to the report.
;; expect-error: second
;; exit: 70
(with-exception-handler
  (lambda (e) (raise 'second))
  (lambda () (raise 'first)))
