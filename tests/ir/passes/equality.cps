(program "")
(globals main:x)
(main @top.0)
(fun @top.0 no-inline
  (clause ()
    (global x.0 main:x safe)
    (if (equal? x.0 'a)
      ((jump ret 1))
      ((if (eqv? 5 x.0) ((jump ret 2)) ((let t.1 (equal? x.0 "a")) (jump ret t.1)))))))
