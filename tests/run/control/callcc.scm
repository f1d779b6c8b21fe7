;; Continuations: escape, re-entry, generators, many shots.
;; expect: 3
;; expect: (escaped -3)
;; expect: (0 1 2 3)
;; expect: (1 2 3 a b)
;; expect: ((1 . a) (1 . b) (2 . a) (2 . b))
;; expect: 55
;; expect: #t
;; expect: (a b c)
;; expect: (1 1 1)
(print (+ 1 (call/cc (lambda (k) (+ 100 (k 2))))))

(print (call/cc (lambda (return)
                  (for-each (lambda (x) (if (negative? x) (return (list 'escaped x)))) '(54 0 37 -3 245 19))
                  'none)))

;; re-entry: the counter lives in a process
(define cell (make-cell 0))
(define results (make-cell '()))
(let ((k (call/cc (lambda (k) k))))
  (cell-set! results (cons (cell-ref cell) (cell-ref results)))
  (cell-set! cell (+ 1 (cell-ref cell)))
  (if (< (cell-ref cell) 4) (k k)))
(print (reverse (cell-ref results)))

;; values through a continuation
(print (call-with-values (lambda () (call/cc (lambda (k) (k 1 2 3)))) (lambda (a b c) (list a b c 'a 'b))))

;; amb: all solutions by backtracking through captured continuations
(define (amb-all f)
  ;; f is called with a procedure that chooses one of a list
  (let ((found (make-cell '())) (todo (make-cell '())))
    (call/cc
      (lambda (done)
        (define (fail)
          (let ((ks (cell-ref todo)))
            (if (null? ks)
                (done 'end)
                (begin (cell-set! todo (cdr ks)) ((car ks) #f)))))
        (define (choose items)
          (call/cc
            (lambda (return)
              (let try ((items items))
                (if (null? items) (fail))
                (call/cc
                  (lambda (next)
                    (cell-set! todo (cons next (cell-ref todo)))
                    (return (car items))))
                (try (cdr items))))))
        (let ((r (f choose)))
          (cell-set! found (cons r (cell-ref found)))
          (fail))))
    (reverse (cell-ref found))))
(print (amb-all (lambda (choose) (let* ((a (choose '(1 2))) (b (choose '(a b)))) (cons a b)))))

;; a deep continuation entered from outside
(define (deep n k) (if (= n 0) (k 0) (+ n (deep (- n 1) k))))
(print (deep 10 (lambda (x) (call/cc (lambda (k) (k x))))))

;; identity and procedure-ness
(print (call/cc procedure?))

;; map and re-entry: earlier results are not changed
(define saved (make-cell #f))
(define count (make-cell 0))
(define r (map (lambda (x) (call/cc (lambda (k) (if (eq? x 'b) (cell-set! saved k)) x))) '(a b c)))
(cell-set! count (+ 1 (cell-ref count)))
(if (= 1 (cell-ref count)) (print r))
(if (= 1 (cell-ref count)) ((cell-ref saved) 'again))
(define (three-shots)
  (let ((shots (make-cell 0)) (out (make-cell '())))
    (let ((k (call/cc (lambda (k) k))))
      (cell-set! out (cons 1 (cell-ref out)))
      (cell-set! shots (+ 1 (cell-ref shots)))
      (if (< (cell-ref shots) 3) (k k) (cell-ref out)))))
(print (three-shots))
