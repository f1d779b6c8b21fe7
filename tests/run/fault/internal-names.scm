;; No name of the library's own in what a program shows.
;; expect: #<procedure parameter>
;; expect: parameter: wrong number of arguments
;; expect-error: error in top level: parameter: wrong number of arguments
;; expect-no-error: %
;; exit: 70
(define p (make-parameter 5))
(print p)
(print (guard (e (#t (error-object-message e))) (p 1 2 3)))
(current-output-port 1 2 3)
