;; Symbols that are made at run time: kept wherever something refers to them, and the same when they are made again;
;; gone when nothing does.
;; timeout: 60
;; memory-mb: 600
(define (name i) (string-append "symbol-number-" (number->string i)))
(define (make i) (string->symbol (name i)))
(define (waste n) (if (> n 0) (begin (make-vector 1000 n) (waste (- n 1)))))
(define (same? symbol i) (eq? symbol (make i)))

;; In a list, a vector, a closure, a mailbox, a frame and a record.
(define-record-type holder (make-holder symbol) holder? (symbol holder-symbol))
(define in-list (map make (iota 1000)))
(define in-vector (vector-map make (list->vector (iota 1000 1000))))
(define in-closures (map (lambda (i) (let ((s (make i))) (lambda () s))) (iota 1000 2000)))
(define in-mailbox
  (spawn (lambda ()
           (let loop ()
             (recv (('ask from i) (recv ((,i symbol) (! from (list i (same? symbol i)))))))
             (loop)))))
(for-each (lambda (i) (! in-mailbox (list i (make i)))) (iota 100 3000))
(define in-records (map (lambda (i) (make-holder (make i))) (iota 1000 4000)))
(define (in-frame i) (let ((s (make i))) (waste 3000) (same? s i)))

(waste 30000)
(println (in-frame 5000) (in-frame 5001))
;; expect: #t#t
(println (every same? in-list (iota 1000)))
;; expect: #t
(println (every (lambda (i) (same? (vector-ref in-vector i) (+ i 1000))) (iota 1000)))
;; expect: #t
(println (every (lambda (f i) (same? (f) i)) in-closures (iota 1000 2000)))
;; expect: #t
(println (every (lambda (i) (! in-mailbox (list 'ask (self) i)) (recv ((,i answer) answer))) (iota 100 3000)))
;; expect: #t
(println (every (lambda (r i) (same? (holder-symbol r) i)) in-records (iota 1000 4000)))
;; expect: #t

;; Three million that nobody keeps, in less memory than they would need.
(println (let loop ((i 0)) (if (< i 3000000) (begin (make (+ i 10000)) (loop (+ i 1))) 'done)))
;; expect: done
