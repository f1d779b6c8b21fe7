;;; number.scm: numbers: the procedure values of the N-ary operations, and what
;;; is built from the primitives. Reals only: exact integers of any size, exact
;;; rationals, flonums.

;;; ---- N-ary operations as procedures -----------------------------------

;; (+ n ...), (* n ...): sum, product. (- n), (/ n): negative, inverse;
;; (- n m ...), (/ n m ...): difference, quotient. Calls with the operation in
;; operator position are primitives; these are for (apply + ...), (fold + ...).
(define +
  (case-lambda
    ((a b) (+ a b))
    (ns (let loop ((sum 0) (ns ns))
          (if (pair? ns) (loop (+ sum (car ns)) (cdr ns)) sum)))))
(define *
  (case-lambda
    ((a b) (* a b))
    (ns (let loop ((product 1) (ns ns))
          (if (pair? ns) (loop (* product (car ns)) (cdr ns)) product)))))
(define -
  (case-lambda
    ((a b) (- a b))
    ((a) (- a))
    ((a . ns) (let loop ((difference a) (ns ns))
                (if (pair? ns) (loop (- difference (car ns)) (cdr ns)) difference)))))
(define /
  (case-lambda
    ((a b) (/ a b))
    ((a) (/ a))
    ((a . ns) (let loop ((quotient a) (ns ns))
                (if (pair? ns) (loop (/ quotient (car ns)) (cdr ns)) quotient)))))

;; (= a b ...), (< a b ...), (> a b ...), (<= a b ...), (>= a b ...): whether it
;; holds between all neighbours. Error: not a number.
(define =
  (case-lambda
    ((a b) (= a b))
    ((a . rest) (%every-neighbour (lambda (a b) (= a b)) a rest))))
(define <
  (case-lambda
    ((a b) (< a b))
    ((a . rest) (%every-neighbour (lambda (a b) (< a b)) a rest))))
(define >
  (case-lambda
    ((a b) (> a b))
    ((a . rest) (%every-neighbour (lambda (a b) (> a b)) a rest))))
(define <=
  (case-lambda
    ((a b) (<= a b))
    ((a . rest) (%every-neighbour (lambda (a b) (<= a b)) a rest))))
(define >=
  (case-lambda
    ((a b) (>= a b))
    ((a . rest) (%every-neighbour (lambda (a b) (>= a b)) a rest))))

;; (%every-neighbour holds? first rest): all arguments are looked at, so that one
;; that is no number is always an error.
(define (%every-neighbour holds? first rest)
  (holds? first first)
  (let loop ((a first) (rest rest) (result #t))
    (if (pair? rest)
        (let ((holds (holds? a (car rest))))
          (loop (car rest) (cdr rest) (and result holds)))
        result)))

;;; ---- predicates -------------------------------------------------------

;; (real? obj), (complex? obj): all numbers are real.
(define-inline (real? obj) (number? obj))
(define-inline (complex? obj) (number? obj))

;; (exact-rational? obj): an exact integer or fraction.
;; (exact-nonnegative-integer? obj), (finite? x): as their names say.
(define-inline (exact-rational? obj) (and (number? obj) (exact? obj)))
(define-inline (exact-nonnegative-integer? obj) (and (exact-integer? obj) (>= obj 0)))
(define (finite? x)
  (if (number? x) (not (or (nan? x) (infinite? x))) (%wrong-type "finite?" x)))

;; (inexact? n): whether `n` is a flonum. Error: not a number.
(define-inline (inexact? n) (not (exact? n)))

;; (positive? n), (negative? n): comparison with zero. Error: not a number.
(define-inline (positive? n) (if (number? n) (> n 0) (%wrong-type "positive?" n)))
(define-inline (negative? n) (if (number? n) (< n 0) (%wrong-type "negative?" n)))

;; (even? n), (odd? n): divisibility by two. Error: not an integer.
(define-inline (even? n) (if (integer? n) (= 0 (remainder n 2)) (%wrong-type "even?" n)))
(define-inline (odd? n) (if (integer? n) (not (= 0 (remainder n 2))) (%wrong-type "odd?" n)))

;;; ---- arithmetic -------------------------------------------------------

;; (max n m ...), (min n m ...): the largest, smallest; inexact when an argument
;; is, NaN when one is NaN. Error: not a number.
(define max
  (case-lambda
    ((a b) (%max2 a b))
    ((a) (%max2 a a))
    ((a . ns) (fold-left (lambda (a b) (%max2 a b)) a ns))))
(define min
  (case-lambda
    ((a b) (%min2 a b))
    ((a) (%min2 a a))
    ((a . ns) (fold-left (lambda (a b) (%min2 a b)) a ns))))

(define-inline (%max2 a b)
  (if (and (%fixnum? a) (%fixnum? b))
      (if (< a b) b a)
      (%max-general a b)))
(define-inline (%min2 a b)
  (if (and (%fixnum? a) (%fixnum? b))
      (if (< b a) b a)
      (%min-general a b)))

(define (%max-general a b)
  (%check-numbers "max" a b)
  (%contagion (if (or (< a b) (nan? b)) b a) a b))
(define (%min-general a b)
  (%check-numbers "min" a b)
  (%contagion (if (or (< b a) (nan? b)) b a) a b))

(define (%check-numbers who a b)
  (cond ((not (number? a)) (%wrong-type who a))
        ((not (number? b)) (%wrong-type who b))
        (else (void))))

;; `result` as a flonum when `a` or `b` is one.
(define (%contagion result a b)
  (if (or (%flonum? a) (%flonum? b)) (inexact result) result))

;; (abs n), (magnitude n): absolute value. Error: not a number.
(define (abs n)
  (cond ((not (number? n)) (%wrong-type "abs" n))
        ((%flonum? n) (if (or (< n 0.0) (eqv? n -0.0)) (- n) n))
        ((< n 0) (- n))
        (else n)))
(define-inline (magnitude n) (abs n))

;; (square n), (cube n): powers. Error: not a number.
(define-inline (square n) (* n n))
(define-inline (cube n) (* n (* n n)))

;; (gcd n ...), (lcm n ...): greatest common divisor, least common multiple, not
;; negative. Error: not an integer.
(define gcd
  (case-lambda
    ((a b) (%gcd a b))
    (() 0)
    ((a . ns) (fold-left (lambda (a b) (%gcd a b)) (%gcd a 0) ns))))
(define lcm
  (case-lambda
    ((a b) (%lcm a b))
    (() 1)
    ((a . ns) (fold-left (lambda (a b) (%lcm a b)) (%lcm a 1) ns))))

(define (%lcm a b)
  (cond ((not (integer? a)) (%wrong-type "lcm" a))
        ((not (integer? b)) (%wrong-type "lcm" b))
        ((or (= a 0) (= b 0)) (%contagion 0 a b))
        (else (abs (* a (quotient b (%gcd a b)))))))

;; (floor/ n d), (truncate/ n d): two values, quotient and remainder. Error: not
;; integers, division by zero.
(define (floor/ n d) (values (floor-quotient n d) (modulo n d)))
(define (truncate/ n d) (values (quotient n d) (remainder n d)))

;; (floor-remainder n d), (truncate-quotient n d), (truncate-remainder n d): one
;; of them.
(define-inline (floor-remainder n d) (modulo n d))
(define-inline (truncate-quotient n d) (quotient n d))
(define-inline (truncate-remainder n d) (remainder n d))

;; (exact-integer-sqrt k): two values: the largest s with s * s <= k, and the
;; rest k - s * s. Error: not an exact integer that is not negative.
(define (exact-integer-sqrt k)
  (%check-index "exact-integer-sqrt" k)
  (let ((s (%exact-integer-sqrt k)))
    (values s (- k (* s s)))))

;; (rationalize x y): the simplest rational that differs from `x` by at most `y`.
;; Error: not a number.
(define (rationalize x y)
  (%check-numbers "rationalize" x y)
  (cond ((or (nan? x) (nan? y)) +nan.0)
        ((infinite? y) (if (infinite? x) +nan.0 0.0))
        ((infinite? x) x)
        (else
         (let* ((delta (abs y)) (low (- x delta)) (high (+ x delta)))
           (cond ((> low 0) (%simplest low high))
                 ((< high 0) (- (%simplest (- high) (- low))))
                 (else (%contagion 0 x y)))))))

;; The simplest rational in [low, high], 0 < low <= high.
(define (%simplest low high)
  (let ((whole (floor low)))
    (cond ((= whole low) whole)
          ((< whole (floor high)) (+ whole 1))
          (else (+ whole (/ 1 (%simplest (/ 1 (- high whole)) (/ 1 (- low whole)))))))))

;; (log x [base]): natural logarithm, or that of `base`. Error: not a number.
(define-inline log
  (case-lambda
    ((x) (%log x))
    ((x base) (/ (%log x) (%log base)))))

;; (atan y [x]): arc tangent of y, or the angle of the point (x, y).
(define-inline atan
  (case-lambda
    ((y) (%atan1 y))
    ((y x) (%atan2 y x))))

;;; ---- conversion -------------------------------------------------------

;; (exact->inexact n), (inexact->exact x): older names of inexact and exact.
(define-inline (exact->inexact n) (inexact n))
(define-inline (inexact->exact x) (exact x))

;; (number->string n [radix]): its written form, radix 2 to 36 (10), which `string->number` takes for the same number. A
;; flonum has a point, or, where it has no last digit in the radix, it is the exact fraction behind `#i`: (number->string
;; 0.5 3) is "#i1/2". Error: not a number, radix out of range.
(define-inline number->string
  (case-lambda
    ((n) (%number->string n 10))
    ((n radix) (%number->string n radix))))

;; (string->number string [radix]): the number written, as in a source, or #f. A point may stand in any radix, an
;; exponent in radix 10 only.
(define-inline string->number
  (case-lambda
    ((s) (%string->number s 10))
    ((s radix) (%string->number s radix))))

;;; ---- bits -------------------------------------------------------------

;; (bitwise-and n ...), (bitwise-ior n ...), (bitwise-xor n ...), (bitwise-not n):
;; on exact integers as infinite two's complement. Error: another object.
(define bitwise-and
  (case-lambda
    ((a b) (%bitwise-and a b))
    (ns (fold-left (lambda (a b) (%bitwise-and a b)) -1 ns))))
(define bitwise-ior
  (case-lambda
    ((a b) (%bitwise-ior a b))
    (ns (fold-left (lambda (a b) (%bitwise-ior a b)) 0 ns))))
(define bitwise-xor
  (case-lambda
    ((a b) (%bitwise-xor a b))
    (ns (fold-left (lambda (a b) (%bitwise-xor a b)) 0 ns))))
(define-inline (bitwise-not n) (%bitwise-xor n -1))

;; (shift-left n k), (shift-right n k): n * 2^k, floor(n / 2^k).
(define-inline (shift-left n k) (arithmetic-shift n k))
(define-inline (shift-right n k) (arithmetic-shift n (- k)))

;; (bit-set? index n): whether that bit of `n` is 1.
(define (bit-set? index n)
  (%check-index "bit-set?" index)
  (not (= 0 (%bitwise-and 1 (arithmetic-shift n (- index))))))

;; (bit-count n): number of 1 bits of `n` (of 0 bits if `n` is negative).
(define (bit-count n)
  (if (exact-integer? n) (void) (%wrong-type "bit-count" n))
  (let loop ((n (if (< n 0) (bitwise-not n) n)) (ones 0))
    (if (= n 0)
        ones
        (loop (arithmetic-shift n -1) (+ ones (%bitwise-and n 1))))))

;; (integer-length n): bits needed for `n` without its sign.
(define (integer-length n)
  (if (exact-integer? n) (void) (%wrong-type "integer-length" n))
  (let loop ((n (if (< n 0) (bitwise-not n) n)) (bits 0))
    (if (= n 0) bits (loop (arithmetic-shift n -1) (+ bits 1)))))

;;; ---- random numbers ---------------------------------------------------
;;;
;;; L'Ecuyer's combination of two multiplicative generators (period 2.3e18), begun
;;; from the clock; the state is a pair in a box that all processes share. Not for
;;; secrets.

(define %random-state (%box #f))
(define-inline (%random-range) 2147483562)

(define (%random-seed)
  (let ((now (current-jiffy)))
    (cons (+ 1 (modulo now 2147483562)) (+ 1 (modulo (quotient now 1000) 2147483398)))))

;; The next number from 1 to (%random-range).
(define (%random-next)
  (let* ((state (or (%unbox %random-state) (%random-seed)))
         (a (modulo (* 40014 (car state)) 2147483563))
         (b (modulo (* 40692 (cdr state)) 2147483399))
         (z (- a b)))
    (%box-set! %random-state (cons a b))
    (if (< z 1) (+ z (%random-range)) z)))

;; (random-integer n): an exact integer from 0 to n - 1, all equally likely. Error:
;; not an exact integer above 0.
(define (random-integer n)
  (cond ((not (exact-integer? n)) (%wrong-type "random-integer" n))
        ((< n 1) (%out-of-range "random-integer" n))
        (else
         (let draw ((range 1) (value 0))
           (cond ((< range n)
                  (draw (* range (%random-range)) (+ (* value (%random-range)) (- (%random-next) 1))))
                 ((< value (- range (modulo range n))) (modulo value n))
                 (else (draw 1 0)))))))

;; (random-real): a flonum between 0 and 1.
(define (random-real) (/ (%random-next) (+ 1.0 (%random-range))))

;; (random n): as random-integer for an exact integer, else between 0 and `n`.
(define (random n)
  (if (%flonum? n) (* n (random-real)) (random-integer n)))

;;; ---- time -------------------------------------------------------------

;; (jiffies-per-second): units of current-jiffy in a second.
(define-inline (jiffies-per-second) 1000000000)
