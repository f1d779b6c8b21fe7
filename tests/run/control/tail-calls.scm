;; Ten million iterations in constant space, in every tail position.
;; expect: loop
;; expect: 10000000
;; expect: #t
;; expect: cond
;; expect: case
;; expect: apply
;; expect: and-or
;; expect: when
;; expect: do 10000000
;; expect: handler
;; memory-mb: 1000
;; timeout: 60
;; heavy
(define n 10000000)
(define (count-down i) (if (= i 0) 'loop (count-down (- i 1))))
(print (count-down n))
(print (let loop ((i 0)) (if (< i n) (loop (+ i 1)) i)))
(define (my-even? i) (if (= i 0) #t (my-odd? (- i 1))))
(define (my-odd? i) (if (= i 0) #f (my-even? (- i 1))))
(print (my-even? n))
(define (by-cond i) (cond ((= i 0) 'cond) ((even? i) (by-cond (- i 1))) (else (by-cond (- i 1)))))
(print (by-cond n))
(define (by-case i) (case i ((0) 'case) ((1 2 3) (by-case (- i 1))) (else => (lambda (i) (by-case (- i 1))))))
(print (by-case n))
(define (by-apply i) (if (= i 0) 'apply (apply by-apply (list (- i 1)))))
(print (by-apply n))
(define (by-and-or i) (or (and (= i 0) 'and-or) (and #t (by-and-or (- i 1)))))
(print (by-and-or n))
(define (by-when i) (if (= i 0) 'when (when #t (unless #f (let* ((j (- i 1))) (letrec ((k j)) (begin (by-when k))))))))
(print (by-when n))
(print (do ((i 0 (+ i 1))) ((= i n) (list->string (list #\d #\o)) (string-append "do " (number->string i)))))
(define (by-values i)
  (if (= i 0) 'handler (call-with-values (lambda () (values i 1)) (lambda (a b) (by-values (- a b))))))
(print (by-values 1000000))
