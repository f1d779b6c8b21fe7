;; The clock, the environment, the command line.
;; env: TT_TEST_VALUE=hello
;; args: a b
;; expect: (hello #f)
;; expect: (a b)
;; expect: (#t #t #t)
(print (list (get-environment-variable "TT_TEST_VALUE") (get-environment-variable "TT_TEST_NONE")))
(print (cdr (command-line)))
(define t0 (current-jiffy))
(recv (after 0.02 #f))
(define elapsed (/ (- (current-jiffy) t0) (jiffies-per-second)))
(print (list (>= elapsed 0.02) (< elapsed 5) (> (current-second) 1600000000)))
