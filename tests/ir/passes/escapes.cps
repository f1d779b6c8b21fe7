(program "")
(globals main:n)
(main @top.0)
(fun @top.0 no-inline
  (clause ()
    (global n.0 main:n safe)
    (fix (f.1 (clause (a.2) (if (= a.2 n.0) ((jump ret f.1)) ((known ret f.1 n.0))))))
    (known ret f.1 1)))
