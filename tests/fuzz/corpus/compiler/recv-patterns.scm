(recv) (recv (after)) (recv (after 1)) (recv ((a a . b) (where #t) 1) (,x 2) (#(1 a) 3) ((quote x) 4) (after #f 5) (after 1 6)) (match 1 ((where) 1))
