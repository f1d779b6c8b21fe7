(program "")
(globals)
(main @top.0)
(fun @top.0
  (clause ()
    (fix
      (loop.0
        (clause (i.1 n.2)
          (if (< i.1 n.2) ((let j.3 (+ i.1 1)) (known ret loop.0 j.3 n.2)) ((jump ret i.1))))))
    (cont (k.4 (v.5) (let w.6 (%record v.5)) (jump ret w.6)))
    (known k.4 loop.0 0 10)))
