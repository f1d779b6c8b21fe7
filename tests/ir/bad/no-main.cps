;; error 1:1: the program has no main
(fun @top.0 (clause () (jump ret 1)))
