;; Conditions are branches; no boolean is made, no arm is copied.
(define (classify a b)
  (if (and (or (null? a) (eq? a 'x)) (not (pair? b)))
      (vector a b)
      (cons a b)))
(! (self) classify)
