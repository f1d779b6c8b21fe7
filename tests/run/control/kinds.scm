;; Every class of software error has a kind, a predicate, a message.
;; expect: wrong-type (5)
;; expect: out-of-range
;; expect: divide-by-zero
;; expect: wrong-number-of-arguments
;; expect: wrong-number-of-arguments
;; expect: not-a-procedure
;; expect: unbound-variable
;; expect: no-match
;; expect: error
;; expect: wrong-type
;; expect: wrong-type
;; expect: wrong-type
;; expect: out-of-range
;; expect: out-of-range
;; expect: (#t #t #t)
(define (kind thunk) (with-exception-catcher condition-kind thunk))
(define (show thunk) (print (kind thunk)))
(define (opaque x) (if (equal? x '(never)) #f x))
(with-exception-catcher
  (lambda (e) (print (condition-kind e) " " (error-object-irritants e)))
  (lambda () (car (opaque 5))))
(show (lambda () (vector-ref (vector 1 2) (opaque 2))))
(show (lambda () (/ 1 (opaque 0))))
(define (two a b) a)
(show (lambda () ((opaque two) 1)))
(show (lambda () (apply two '(1 2 3))))
(show (lambda () ((opaque 5) 1)))
(show (lambda () undefined-name))
(show (lambda () (match (opaque 3) (4 'four))))
(show (lambda () (error "msg" 1)))
(show (lambda () (map car (opaque 5))))
(show (lambda () (string-append "a" (opaque 'b))))
(show (lambda () (+ 1 (opaque "2"))))
(show (lambda () (list-ref '(1 2) (opaque 2))))
(show (lambda () (string-ref "abc" (opaque 3))))
(print (list (wrong-type-error? (catch identity (car 1)))
             (divide-by-zero-error? (catch identity (quotient 1 0)))
             (out-of-range-error? (catch identity (integer->char -1)))))
