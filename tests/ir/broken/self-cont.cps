;; ice: is not in scope
(main @top.0)
(fun @top.0 (clause () (cont (k.1 (x.2) (jump k.1 x.2))) (jump k.1 5)))
