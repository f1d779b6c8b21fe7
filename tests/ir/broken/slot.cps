;; ice: global x has no slot
(main @top.0)
(fun @top.0 (clause () (define main:x 1) (jump ret 1)))
