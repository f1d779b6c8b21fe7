;;; In front of a program of bench/prog: what it needs that Chez names otherwise.
(define (current-jiffy)
  (let ((now (current-time 'time-monotonic)))
    (+ (* (time-second now) 1000000000) (time-nanosecond now))))
(define (jiffies-per-second) 1000000000)
