(program "")
(globals main:f)
(main @top.0)
(fun @top.0 no-inline
  (clause ()
    (global f.0 main:f safe)
    (let l.1 (cons 2 '()))
    (let m.2 (cons 1 l.1))
    (call ret (proc apply) f.0 0 m.2)))
