;; A parameter is not changed by a call: the message says what binds it.
;; expect: a parameter cannot be changed: parameterize binds it for the time of a body
(define p (make-parameter 1))
(print (with-exception-catcher error-object-message (lambda () (p 2))))
