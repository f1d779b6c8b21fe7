;; Sharing and cycles are kept; size and depth are no obstacle.
;; timeout: 60
(define (copy x) (bytevector->object (object->bytevector x)))

(define shared (list 1 2))
(define two (copy (list shared shared (cdr shared))))
(println (eq? (car two) (cadr two)) (eq? (cdr (car two)) (caddr two)))
;; expect: #t#t

(define ring (copy '#0=(a b . #0#)))
(println (car ring) (eq? ring (cddr ring)))
;; expect: a#t
(define knot (copy '#1=#(1 #1# (2 . #1#))))
(println (eq? knot (vector-ref knot 1)) (eq? knot (cdr (vector-ref knot 2))))
;; expect: #t#t
(define ones (copy '#2=(1 1 . #2#)))
(println (eq? ones (cddr ones)))
;; expect: #t

;; 2^30 leaves as a tree, 30 objects as a graph.
(define (dag levels) (if (= levels 0) 'leaf (let ((half (dag (- levels 1)))) (vector half half))))
(define bytes (object->bytevector (dag 30)))
(println (< (bytevector-length bytes) 200))
;; expect: #t
(define (depth v) (if (vector? v) (+ 1 (depth (vector-ref v 0))) 0))
(define big (bytevector->object bytes))
(println (depth big) (eq? (vector-ref big 0) (vector-ref big 1)))
;; expect: 30#t

(define (nest n) (let loop ((n n) (v 'core)) (if (= n 0) v (loop (- n 1) (list v 'x)))))
(define (unnest v) (let loop ((v v) (n 0)) (if (pair? v) (loop (car v) (+ n 1)) n)))
(println (unnest (copy (nest 100000))))
;; expect: 100000

(define numbers (iota 1000000))
(println (equal? (copy numbers) numbers))
;; expect: #t
(define mixed (map (lambda (n) (if (even? n) n (list n "s"))) (iota 100000)))
(println (equal? (copy mixed) mixed))
;; expect: #t
(define (churn n) (if (= n 0) 'done (begin (copy (vector n (list n) "text" 1.5 (lambda () n))) (churn (- n 1)))))
(println (churn 2000))
;; expect: done

;; A continuation of many frames.
(define (deep n) (if (= n 0) (call/cc (lambda (k) k)) (let ((v (deep (- n 1)))) (if (procedure? v) v (+ n v)))))
(define (sum n) (let ((k (deep n))) (if (number? k) k ((copy k) 0))))
(println (sum 300000))
;; expect: 45000150000
