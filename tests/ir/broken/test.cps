;; ice: primitive cons is no test
(main @top.0)
(fun @top.0 (clause () (if (cons 1 2) ((jump ret 1)) ((jump ret 2)))))
