(program "")
(globals)
(main @top.0)
(fun @top.0
  (clause ()
    (fix
      (sum.0
        (clause (n.1)
          (if (= n.1 0)
            ((jump ret 0))
            ((cont (k.2 (rest.3) (let v.4 (+ n.1 rest.3)) (jump ret v.4)))
             (let m.5 (- n.1 1))
             (known k.2 sum.0 m.5))))))
    (known ret sum.0 100)))
