;; A ring of 10 000 processes passes a message around 10 times.
;; expect: 100000 hops through 10000 processes
(define (node next)
  (recv
    ('done (! next 'done))
    (n (! next (+ n 1))
       (node next))))

(define (build-ring n next)
  (if (= n 0)
      next
      (build-ring (- n 1) (spawn (lambda () (node next))))))

(define (main)
  (let* ((size 10000)
         (first (build-ring size (self))))
    (let loop ((round 0) (hops 0))
      (if (< round 10)
          (begin
            (! first hops)
            (loop (+ round 1) (?)))
          (print hops " hops through " size " processes")))))
