;; ice: variable x.3 is not in scope
(main @top.0)
(fun @top.0 (clause () (if #t ((jump ret x.1)) ((let x.1 (cons 1 2)) (jump ret x.1)))))
