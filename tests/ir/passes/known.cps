(program "")
(globals)
(main @top.0)
(fun @top.0
  (clause ()
    (fix (f.0 (clause (x.1 rest.2) rest (let y.3 (cons x.1 rest.2)) (jump ret y.3))))
    (cont (k.4 (v.5) (call ret f.0 v.5)))
    (call k.4 f.0 1 2 3)))
