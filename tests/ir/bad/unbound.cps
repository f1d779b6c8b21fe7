;; error 3:34: this variable is not bound
(main @top.0)
(fun @top.0 (clause () (jump ret x.1)))
