;; Values of every type come back as they were.
(define (copy x) (bytevector->object (object->bytevector x)))
(define (check name x)
  (if (equal? (copy x) x) (void) (println "different: " name " " (copy x))))

(define-record-type point (make-point x y) point? (x point-x) (y point-y))

(check 'small '(0 1 -1 111 112 -16 -17 127 128))
(check 'large (list (expt 2 59) (- (expt 2 60)) (- (expt 2 60) 1) (expt 2 60) (- (- (expt 2 60)) 1)
                    (expt 2 63) (- (expt 2 63)) (expt 2 64) (expt 3 1000) (- (expt 7 333))))
(check 'rational (list 1/3 -22/7 (/ (expt 3 100) (expt 2 100))))
(check 'flonum '(0.0 -0.0 1.5 -1e300 1e-310 +inf.0 -inf.0))
(check 'text '("" "plain" "caf\x301; \x1F600; \x0; end" #\a #\x10FFFF #\x0 sym || |odd name|))
(check 'constants (list #t #f '() (eof-object) (void)))
(check 'vectors (list '#() '#(1 #(2 "x") (3 . 4)) (bytevector) (bytevector 0 255 7)))
(check 'improper '(1 2 (a b . c) . 3))
(check 'integers (list (iota 1000) (cons 1 (cons 2 'tail))))
(println (eqv? (copy -0.0) -0.0) " " (nan? (copy (- +inf.0 +inf.0))))
;; expect: #t #t

(define p (copy (make-point 1 "two")))
(println (point? p) " " (point-x p) " " (point-y p))
;; expect: #t 1 two
(println (copy 'symbol) " " (eq? (copy 'symbol) 'symbol))
;; expect: symbol #t

;; A type of a body is a type of its own; records of it stay together.
(define (local)
  (define-record-type thing (make-thing a) thing? (a thing-a))
  (let ((two (copy (list (make-thing 1) (make-thing 2) thing-a))))
    (+ ((caddr two) (car two)) ((caddr two) (cadr two)))))
(println (local))
;; expect: 3

;; Pids and tags of this run come back as they are.
(define tag (make-tag))
(println (eq? (copy (self)) (self)) " " (eq? (copy tag) tag))
;; expect: #t #t

(define promise (delay (begin (println "computed") 5)))
(define promise-2 (copy promise))
(println (force promise-2) (force promise-2))
;; expect: computed
;; expect: 55
(println (force (copy (make-promise 'done))))
;; expect: done

(define condition (with-exception-catcher copy (lambda () (car 5))))
(println (condition-kind condition) ": " (error-object-message condition) " " (error-object-irritants condition))
;; expect: wrong-type: car: wrong type of argument (5)
(call-with-values (lambda () (copy (values 1 2))) (lambda (a . rest) (println a rest)))
;; expect: 1(2)

;; Equal graphs give equal bytes.
(define (make-graph) (let ((shared (list 1 2.5 "s"))) (vector shared shared 'a (make-point shared 'b))))
(println (equal? (object->bytevector (make-graph)) (object->bytevector (copy (make-graph)))))
;; expect: #t
(define big (make-list 100000 'same))
(println (< (bytevector-length (object->bytevector big)) 2000) " " (equal? (copy big) big))
;; expect: #t #t
