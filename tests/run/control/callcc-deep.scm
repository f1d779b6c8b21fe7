;; Continuations captured on a deep stack are shared, not copied: capturing and
;; re-entering thousands of times under 100 000 frames stays cheap.
;; expect: 705082704
;; expect: 100000
;; expect: 5000050000
;; timeout: 30
(define (sum-with-captures n)
  (if (= n 0)
      0
      (modulo (+ n (call/cc (lambda (k) (sum-with-captures (- n 1))))) 4294967296)))
(print (sum-with-captures 100000))

(define (below n f) (if (= n 0) (f) (let ((r (below (- n 1) f))) r)))
(print (below 100000
              (lambda ()
                (let loop ((i 0))
                  (if (< i 100000)
                      (loop (+ i (call/cc (lambda (k) (k 1)))))
                      i)))))

(define (sum n) (if (= n 0) 0 (+ n (sum (- n 1)))))
(print (call/cc (lambda (k) (k (sum 100000)))))
