(program "")
(globals main:n)
(main @top.0)
(fun @top.0 no-inline
  (clause ()
    (global n.0 main:n safe)
    (fix
      (even.1
        (clause (a.3) (if (= a.3 0) ((jump ret #t)) ((let b.4 (- a.3 1)) (known ret odd.2 b.4)))))
      (odd.2
        (clause (c.5) (if (= c.5 0) ((jump ret #f)) ((let d.6 (- c.5 1)) (known ret even.1 d.6))))))
    (cont (k.7 (v.8) (let p.9 (cons v.8 v.8)) (jump ret p.9)))
    (known k.7 even.1 n.0)))
