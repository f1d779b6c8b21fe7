;; error 3:34: not the name of a primitive
(main @top.0)
(fun @top.0 (clause () (let x.1 (frobnicate)) (jump ret x.1)))
