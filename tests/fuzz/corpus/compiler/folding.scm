(+ 1 'a) (quotient 1 0) (/ 5 0) (expt 10 100000000) (arithmetic-shift 1 1000000000000) (exact 1e300) (string->number "#e1e1000000") (vector-ref #(1 2) -1)
