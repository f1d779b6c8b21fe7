;; A failing call in tail position is named, also where its procedure was given to one of the library.
;; expect-error: place-tail.scm:6:17: error in check: bad order
;; expect-error: /tests/run/fault/place-tail.scm:8:10
;; exit: 70
(define (check x)
  (if x (* x 2) (error "bad order")))
(define (main)
  (print (map check '(1 #f))))
