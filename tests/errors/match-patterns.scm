(define-record-type <p> (mk a) p? (a pa))
(match 1 ((a ...) a))
;; error 2:14 a pattern cannot have an ellipsis
(match 1 (`(a ,b) 1))
;; error 4:11 a pattern cannot be quasiquoted
(recv (after 1 2) (x x))
;; error 6:7 recv: the `after` clause must be the last
(recv)
;; error 8:1 recv: a clause is needed
