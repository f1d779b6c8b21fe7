;; ice: a jump to -.1 with 2 arguments
(main @top.0)
(fun @top.0 (clause () (jump ret 1 2)))
