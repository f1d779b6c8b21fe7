;; recv: a deadline, a scan that begins at the tag, guards before removal.
(define (call tag)
  (recv ((,tag reply) reply) (after 5 'timeout)))
(define (serve)
  (recv
    (('add x x) (where (number? x)) (serve))
    ((from . _) (! from 'no))))
(define (pause) (recv (after 1 'done)))
