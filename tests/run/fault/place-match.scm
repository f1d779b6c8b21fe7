;; A match without a clause for the datum: the place of the match.
;; expect-error: place-match.scm:6:3: error in area: match: no clause matches: (triangle 1 2)
;; expect-error: /tests/run/fault/place-match.scm:7:33
;; exit: 70
(define (area s)
  (match s (('square a) (* a a)) (('circle r) (* 3 r r))))
(define (total shapes) (apply + (map area shapes)))
(define (main) (print (total '((square 2) (triangle 1 2)))))
