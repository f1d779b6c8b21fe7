(program "")
(globals main:x)
(main @top.0)
(fun @top.0 no-inline
  (clause ()
    (global x.0 main:x safe)
    (fix (f.1 (clause (a.2) (let b.3 (+ a.2 1)) (jump ret b.3))))
    (cont (k.4 (v.5) (let t.6 (< v.5 10)) (if t.6 ((jump ret 1)) ((jump ret 2)))))
    (known k.4 f.1 x.0)))
