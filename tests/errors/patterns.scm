;; match and recv that are not well made.
;; error 4:1 match: something is missing
;; error 5:7 the `after` clause must be the last
(match)
(recv (after 1 2) (x x))
