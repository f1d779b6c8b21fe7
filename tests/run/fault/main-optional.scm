;; Optional arguments of main: one shape, and what it takes.
;; args: one two
;; expect: (one two)
(define main
  (case-lambda
    ((host) (print host))
    ((host port) (print (list host port)))
    ((host port . rest) (print rest))))
