;; The stack of each process has a limit of its own, far below that of the heap.
;; args: --termite-max-heap=1000M --termite-max-stack=4M
;; expect: stack-exhausted
;; expect: (exception stack-exhausted)
;; expect: #t
;; expect: 30000
;; expect-error: max-stack.scm:17:10: error in dive: recursion too deep
(define (depth n) (if (= n 0) 0 (+ 1 (depth (- n 1)))))
;; A frame takes at least a word, so the first depth that does not fit is as the limit says, not as the heap.
(define (deepest n) (if (number? (catch condition-kind (depth n))) (deepest (* 2 n)) n))
(define (main)
  (print (catch condition-kind (dive 1)))
  (let* ((p (spawn (lambda () (dive 1)))) (ref (monitor p)))
    (recv (('down ,ref _ (reason c)) (print (list reason (condition-kind c))))))
  (print (< 50000 (deepest 1000) 10000000))
  (print (depth 30000)))
(define (dive x) (+ 1 (dive x)))
