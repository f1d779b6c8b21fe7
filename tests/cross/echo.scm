;; A node that answers strangers: (from tag x) with (tag x).
(define (echo)
  (recv
    ((from tag x) (where (pid? from)) (! from (list tag x)))
    (_ #f))
  (echo))

(publish-service 'echo (spawn echo))
