;; error 3:50: this variable is bound twice
(main @top.0)
(fun @top.0 (clause () (let x.1 (cons 1 2)) (let x.1 (cons 1 2)) (jump ret x.1)))
