;; Procedures, with their variables, parameters and continuations.
(define (copy x) (bytevector->object (object->bytevector x)))

(define (adder n) (lambda (x) (+ x n)))
(println ((copy (adder 5)) 10))
;; expect: 15
(println (map (copy car) '((1) (2))) ((copy (lambda () 'no-slots))) (apply (copy apply) + '((1 2))))
;; expect: (1 2)no-slots3

;; Procedures that refer to each other.
(define (parity)
  (letrec ((even (lambda (n) (if (= n 0) #t (odd (- n 1)))))
           (odd (lambda (n) (if (= n 0) #f (even (- n 1))))))
    (list even odd)))
(define copies (copy (parity)))
(println ((car copies) 1001) ((cadr copies) 1001))
;; expect: #f#t

(define p (make-parameter 1))
(define q (copy p))
(println (p) (q) (parameterize ((p 2)) (q)) (parameterize ((q 3)) (p)))
;; expect: 1123

;; A continuation with frames of several kinds, taken twice.
(define saved #f)
(define cell (make-cell #f))
(define (sum-to n)
  (if (= n 0)
      (call/cc (lambda (k) (cell-set! cell (object->bytevector k)) 0))
      (+ n (sum-to (- n 1)))))
(define count (make-cell 0))
(define total (sum-to 100))
(println total)
(cell-set! count (+ 1 (cell-ref count)))
(if (< (cell-ref count) 3) ((bytevector->object (cell-ref cell)) 1000))
;; expect: 5050
;; expect: 6050
;; expect: 6050

;; The dynamic environment travels with it.
(define out (make-cell '()))
(define result
  (parameterize ((p 42))
    (dynamic-wind
     (lambda () (cell-set! out (cons 'in (cell-ref out))))
     (lambda ()
       (with-exception-handler
        (lambda (e) (list 'handled e (p)))
        (lambda () (raise (call/cc (lambda (k) (cell-set! cell (object->bytevector k)) 1))))))
     (lambda () (cell-set! out (cons 'out (cell-ref out)))))))
(println result)
(if (= (cadr result) 1) ((bytevector->object (cell-ref cell)) 2))
(println (reverse (cell-ref out)))
;; expect: (handled 1 42)
;; expect: (handled 2 42)
;; expect: (in out in out)

;; A continuation of a hundred thousand frames, resumed in a new process.
(define parent (self))
(define (count-up n)
  (if (= n 0)
      (call/cc (lambda (k) (! parent (object->bytevector k)) 0))
      (+ 1 (count-up (- n 1)))))
(spawn (lambda () (! parent (list 'sum (count-up 100000)))))
(define image (recv (b (where (bytevector? b)) b)))
(println (recv (('sum n) n)))
(spawn (lambda () ((bytevector->object image) 7)))
(println (recv (('sum n) n)))
;; expect: 100000
;; expect: 100007
