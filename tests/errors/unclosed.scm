;; A parenthesis that is never closed.
;; error 3:1 this is never closed
(define (f x)
  (let ((y 1))
    (+ x y))
