;; Words that belong into other forms, Erlang's receive, bindings without a list around them: where they belong.
;; error 18:2 `after` is syntax and cannot be used as a value
;; note 18:2 (after timeout body ...) is the last clause of `recv`
;; error 19:20 `else` is syntax and cannot be used as a value
;; note 19:20 `else` begins the last clause of `cond`, `case`, `guard`
;; error 20:8 `unquote` is syntax and cannot be used as a value
;; note 20:8 `,x` stands inside a quasiquoted datum, `(a ,x)`, or in a pattern
;; error 21:1 receive: something is missing
;; note 21:1 the form is (receive (variable ...) expression body ...)
;; note 21:1 a message is taken by (recv (pattern body ...) ... [(after timeout body ...)])
;; error 22:10 receive: a list of variables is needed here
;; note 22:1 the form is (receive (variable ...) expression body ...)
;; note 22:1 a message is taken by (recv (pattern body ...) ... [(after timeout body ...)])
;; error 23:6 the bindings must be a list of lists: ((variable value) ...)
;; note 23:1 the form is (let [name] ((variable value) ...) body ...)
;; error 24:5 the bindings must be a list of lists: ((variable value) ...)
;; note 24:1 the form is (do ((variable init [step]) ...) (test result ...) command ...)
(after 1 2)
(print (lambda (x) else))
(print ,5)
(receive ((x) (print x)) (after 1 (print 2)))
(receive (('add k) (print k)) (('sub k) (print k)) (after 1 2))
(let (x 1) x)
(do (i 0 (+ i 1)) (#t 1))
