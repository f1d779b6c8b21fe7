;; Tail calls take no room: between procedures that the compiler knows and does not know, with more arguments than any
;; machine has registers for, to procedures with a rest list, through `apply`, and from one return point to the next.
(define (a n x) (if (= n 0) x ((vector-ref table 0) (- n 1) (+ x 1))))
(define (b n x) (if (= n 0) x ((vector-ref table 1) (- n 1) (- x 1))))
(define table (vector b a))

(define (wide n a b c d e f g h i j k)
  (if (= n 0) (list a b c d e f g h i j k) (narrow n (lambda (n) ((vector-ref wides 0) n b c d e f g h i j k a)))))
(define (narrow n then) (then (- n 1)))
(define wides (vector wide))

(define (rest n . more) (if (= n 0) more (apply rest (- n 1) (cdr more))))
(define (from n . all) (if (= n 0) all (from (- n 1) 1 2 3 4 5 6 7 8 n)))


(define (main . args)
  (println (a 3000000 5))
  (println (wide 1000000 1 2 3 4 5 6 7 8 9 10 11))
  (println (apply rest 1000 (iota 1002)))
  (println (from 1000000))
  (println (let loop ((n 1000000) (k (lambda (x) x))) (if (= n 0) (k 'end) (loop (- n 1) k)))))
