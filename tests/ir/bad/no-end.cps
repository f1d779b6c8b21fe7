;; error 3:24: a term must follow this
(main @top.0)
(fun @top.0 (clause () (let x.1 (cons 1 2))))
