;; Mutual recursion with more arguments than any machine has registers for, to a procedure that the compiler knows and
;; back to one that it does not: rounds times n calls, all in constant space. With 100 and 10000000 a thousand million
;; (a counter of that size would be no fixnum on all machines).
(define (ping n rounds total a b c d e f g h i)
  (if (= n 0)
      (next rounds total a b c d e f g h i)
      (pong (- n 1) rounds total b c d e f g h i a)))
(define (pong n rounds total a b c d e f g h i)
  (if (= n 0)
      (next rounds total a b c d e f g h i)
      ((vector-ref pings 0) (- n 1) rounds total b c d e f g h i a)))
(define (next rounds total a b c d e f g h i)
  (cond ((= rounds 0) (list a b c d e f g h i))
        ((even? rounds) (ping total (- rounds 1) total a b c d e f g h i))
        (else (pong total (- rounds 1) total a b c d e f g h i))))
(define pings (vector ping))

(define (main rounds n)
  (println (next (string->number rounds) (string->number n) 1 2 3 4 5 6 7 8 9)))
