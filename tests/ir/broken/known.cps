;; ice: a known call of f with 1 arguments
(main @top.0)
(fun @top.0 (clause () (fix (f.1 (clause (x.2 y.3) (jump ret x.2)))) (known ret f.1 1)))
