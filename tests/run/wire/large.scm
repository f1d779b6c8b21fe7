;; Large values as bytes, which are written and read in steps: other processes run in between, several do it at the same
;; time, and one may end in the middle of it.
(define n 400000)
(define (numbers from) (iota n from))
(define (there-and-back v) (bytevector->object (object->bytevector v)))

(println (equal? (there-and-back (numbers 0)) (numbers 0)))
;; expect: #t
;; Bytes that do not shrink, and those of which few are large.
(define noise (apply bytevector-append (map (lambda (i) (object->bytevector (* i i 1234567891234567))) (iota 100000 1))))
(println (equal? (there-and-back (list noise noise)) (list noise noise)) " "
         (let ((pair (there-and-back (list noise noise)))) (eq? (car pair) (cadr pair))))
;; expect: #t #t
(define zeros (make-vector 3000000 0))
(println (< (bytevector-length (object->bytevector zeros)) 10000) " " (equal? (there-and-back zeros) zeros))
;; expect: #t #t

(define me (self))
(define (worker from) (spawn (lambda () (! me (list from (equal? (there-and-back (numbers from)) (numbers from)))))))
(for-each worker '(1 2 3))
(define (next-result from) (recv ((,from ok) ok)))
(println (map next-result '(1 2 3)))
;; expect: (#t #t #t)

;; What is refused after many steps.
(define (kind-of thunk) (with-exception-catcher condition-kind thunk))
(println (kind-of (lambda () (object->bytevector (append (numbers 0) (list (current-output-port)))))))
;; expect: not-serializable
(define noise-bytes (object->bytevector (list noise noise)))
(define (flipped bytes i)
  (bytevector-append (bytevector-copy bytes 0 i) (bytevector (bitwise-xor 4 (bytevector-u8-ref bytes i))) (bytevector-copy bytes (+ i 1))))
(println (map (lambda (i) (kind-of (lambda () (bytevector->object (flipped noise-bytes i))))) '(0 3 5 12 100 1000000)))
;; expect: (bad-data bad-data bad-data bad-data bad-data bad-data)

;; Ended in the middle; the next one is not troubled.
(define (end-one i)
  (let ((p (spawn (lambda () (there-and-back (list noise (numbers 0))) (! me 'never)))))
    (recv ('nothing 'nothing) (after 0.002 (terminate! p)))))
(for-each end-one (iota 5))
(println (equal? (there-and-back (numbers 7)) (numbers 7)))
;; expect: #t
