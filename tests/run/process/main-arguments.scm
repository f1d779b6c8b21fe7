;; `main` gets the arguments of the command line.
;; args: one two 3
;; expect: top level
;; expect: (one two 3)
(print "top level")
(define (main . args) (print args))
