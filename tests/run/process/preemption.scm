;; Loops that never receive do not keep others from running: calls, allocation,
;; deep recursion.
;; expect: answer
;; expect: answer
;; expect: answer
;; timeout: 60
(define (spin) (spin))
(define (allocate x) (allocate (cons 1 2)))
(define (recurse n) (if (> n 100000) 0 (+ 1 (recurse (+ n 1)))))
(define (recurse-for-ever) (recurse 0) (recurse-for-ever))
(define server (spawn (lambda () (let loop () (recv ((from tag 'ask) (! from (list tag 'answer)))) (loop)))))
(define (try thunk)
  (let ((p (spawn thunk)))
    (? 0.02 #f)
    (print (!? server 'ask))
    (terminate! p)))
(try spin)
(try (lambda () (allocate 0)))
(try recurse-for-ever)
