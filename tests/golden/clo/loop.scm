;; A named let in the middle of an expression: a direct loop, its result in a join.
(define (sum-to n)
  (* 2 (let loop ((i 0) (sum 0))
         (if (= i n) sum (loop (+ i 1) (+ sum i))))))
(! (self) sum-to)
