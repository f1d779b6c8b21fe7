;; error 3:24: nothing may follow this term
(main @top.0)
(fun @top.0 (clause () (jump ret 1) (jump ret 2)))
