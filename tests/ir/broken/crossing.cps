;; ice: is another function's
(main @top.0)
(fun @top.0 (clause () (cont (k.1 (x.2) (jump ret x.2))) (fix (f.3 (clause (y.4) (jump k.1 y.4)))) (known k.1 f.3 1)))
