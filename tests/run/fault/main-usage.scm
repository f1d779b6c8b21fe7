;; Arguments that main does not take: a usage line for each shape, from its parameters, and the code of bad options.
;; args: one two three
;; expect: top level
;; expect-error: usage:
;; expect-error:  host port
;; expect-error:  host port cookie timeout depth rest ...
;; expect-no-error: wrong number
;; exit: 64
(print "top level")
(define main
  (case-lambda
    ((host port) (print host))
    ((host port cookie timeout depth . rest) (print host))))
