;; Exact and inexact arithmetic across the kinds of numbers.
(define (show . xs) (for-each (lambda (x) (write x) (display " ")) xs) (newline))

(show (* 99999999999 99999999999) (- (expt 2 60)) (+ (expt 2 60) (- (expt 2 60))) (- 1152921504606846975 -1))
;; expect: 9999999999800000000001 -1152921504606846976 0 1152921504606846976 
(show (let loop ((n 25) (f 1)) (if (= n 0) f (loop (- n 1) (* n f)))))
;; expect: 15511210043330985984000000 
(show (/ 6 4) (/ 6 3) (/ -1 3) (+ 1/2 1/3) (* 2/3 3/2) (/ 0.5) (exact 0.25) (inexact 1/3))
;; expect: 3/2 2 -1/3 5/6 1 2.0 1/4 0.3333333333333333 
(show (+ 1 2.5) (* 1.0 0) (- 0.0) (/ 1 3.0) (/ 1.0 0.0) (sqrt 16) (sqrt 1/4) (sqrt 2) (exact-integer? (sqrt 16.0)))
;; expect: 3.5 0.0 -0.0 0.3333333333333333 +inf.0 4 1/2 1.4142135623730951 #f 
(show (quotient -7 2) (remainder -7 2) (modulo -7 2) (floor-quotient -7 2) (modulo 7.0 -2) (gcd 12 18) (lcm 4 6))
;; expect: -3 -1 1 -4 -1.0 6 12 
(show (floor 2.7) (ceiling 2.2) (truncate -2.7) (round 2.5) (round 7/2) (floor -7/2))
;; expect: 2.0 3.0 -2.0 2.0 4 -4 
(show (= 1 1.0) (eqv? 1 1.0) (eqv? 100000000000000000000 100000000000000000000) (< 1 2 3) (< 1 3 2) (= 1/2 0.5))
;; expect: #t #f #t #t #f #t 
(show (expt 2 100) (expt 2 -2) (expt 2.0 3) (expt 4 1/2) (exp 0) (log 1) (atan 0 1) (number->string 255 16))
;; expect: 1267650600228229401496703205376 1/4 8.0 2 1 0 0 "ff" 
(call-with-values (lambda () (exact-integer-sqrt 17)) show)
;; expect: 4 1 
(show (max 1 2.0) (min 1 2 3) (abs -5) (abs -1152921504606846976) (numerator 6/4) (denominator 6/4))
;; expect: 2.0 1 5 1152921504606846976 3 2 
(show (bitwise-and -1 (expt 2 70)) (bitwise-xor 5 -1) (arithmetic-shift 1 100) (arithmetic-shift -5 -1))
;; expect: 1180591620717411303424 -6 1267650600228229401496703205376 -3 
(show (apply + 1/2 0.5 '(3)) (apply max '(3 1 2)) (number->string 0.1) (exact->inexact 12345678901234567890))
;; expect: 4.0 3 "0.1" 12345678901234567000.0 
