;; Frames hold what is alive, and a variable keeps its distance from the end.
(define (in-turn g x)
  (let* ((a (g x))
         (b (g a))
         (c (g b)))
    (list a b c x)))
(! (self) in-turn)
