;; Two calls that go on alike: the report names the one that failed.
;; expect-error: place-shared.scm:9:13: error in pick: second: #f
;; expect-error: /tests/run/fault/place-shared.scm:11:10
;; exit: 70
(define (pick x)
  (list (if x
            (error "first" x)
            ;; goes on as the one above
            (error "second" x))))
(define (main)
  (print (pick #f)))
