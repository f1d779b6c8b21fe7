;; Failing arithmetic raises conditions that a program can catch.
(define (try thunk)
  (write
    (call/cc
      (lambda (return)
        (with-exception-handler
          (lambda (e) (return (error-object-message e)))
          thunk))))
  (newline))

(try (lambda () (/ 1 0)))
;; expect: "/: division by zero"
(try (lambda () (/ 1.5 0)))
;; expect: "/: division by zero"
(try (lambda () (quotient 1 0)))
;; expect: "quotient: division by zero"
(try (lambda () (modulo 1.0 0.0)))
;; expect: "modulo: division by zero"
(try (lambda () (+ 1 'a)))
;; expect: "+: wrong type of argument"
(try (lambda () (< 1 "2")))
;; expect: "<: wrong type of argument"
(try (lambda () (modulo 5.5 2)))
;; expect: "modulo: wrong type of argument"
(try (lambda () (expt 10 100000000)))
;; expect: "expt: result too large: an integer has at most 67108864 bits"
(try (lambda () (arithmetic-shift 1 1000000000000)))
;; expect: "arithmetic-shift: result too large: an integer has at most 67108864 bits"
(try (lambda () (let loop ((x 3)) (loop (* x x)))))
;; expect: "*: result too large: an integer has at most 67108864 bits"
(try (lambda () (exact +inf.0)))
;; expect: "exact: argument out of range"
(try (lambda () (sqrt -1)))
;; expect: "sqrt: argument out of range"
(try (lambda () (number->string 10 1)))
;; expect: "number->string: argument out of range"
