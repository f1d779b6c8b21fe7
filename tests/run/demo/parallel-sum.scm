;; A sum of big integers, divided among processes.
;; expect: 20! + ... + 200! has 375 digits
;; expect: the tree of processes says the same: #t
(define (factorial n) (if (= n 0) 1 (* n (factorial (- n 1)))))

(define (sum-sequential from to)
  (if (> from to) 0 (+ (factorial from) (sum-sequential (+ from 1) to))))

(define (sum-parallel from to)
  (if (< (- to from) 10)
      (sum-sequential from to)
      (let ((me (self)) (tag (make-tag)) (middle (quotient (+ from to) 2)))
        (spawn-link (lambda () (! me (list tag (sum-parallel from middle)))))
        (let ((right (sum-parallel (+ middle 1) to)))
          (recv ((,tag left) (+ left right)))))))

(define (main)
  (let ((sum (sum-sequential 20 200)))
    (print "20! + ... + 200! has " (string-length (number->string sum)) " digits")
    (print "the tree of processes says the same: " (= sum (sum-parallel 20 200)))))
