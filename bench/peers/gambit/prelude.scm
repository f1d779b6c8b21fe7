;;; In front of a program of bench/prog: what it needs that Gambit 4.9.3 lacks.
(define (current-jiffy) (exact (floor (* 1e9 (time->seconds (current-time))))))
(define (jiffies-per-second) 1000000000)
