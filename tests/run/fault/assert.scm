;; assert
;; expect: 5
;; expect-error: assertion failed
;; expect-error: (= 1 2)
;; exit: 70
(print (assert (+ 2 3)))
(assert (= 1 2))
