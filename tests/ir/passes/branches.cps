(program "")
(globals main:x)
(main @top.0)
(fun @top.0 no-inline
  (clause ()
    (global x.0 main:x safe)
    (cont
      (k.1 (v.2)
        (if v.2 ((let a.3 (%record x.0)) (jump ret a.3)) ((let b.4 (%box x.0)) (jump ret b.4)))))
    (if (pair? x.0)
      ((let t.5 (eq? x.0 1)) (jump k.1 t.5))
      ((if (null? x.0) ((jump k.1 #t)) ((jump k.1 #f)))))))
