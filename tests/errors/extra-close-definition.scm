(define (f x)
  (print x)))
(define (g x) x)
;; A parenthesis too many behind a definition: where that begins.
;; error 2:13 nothing is open that this could close
;; note 1:1 what begins here was closed before
