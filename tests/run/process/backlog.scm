;; A call is not slowed down by 100 000 unmatched messages in the caller's mailbox.
;; expect: 20000
;; expect: (99999 0)
;; expect: #t
;; timeout: 60
;; heavy
(define server (spawn (lambda () (let loop () (recv ((from tag x) (! from (list tag x)))) (loop)))))
(define me (self))
(let loop ((i 0)) (if (< i 100000) (begin (! me (list 'junk i)) (loop (+ i 1)))))
(define start (current-jiffy))
(print (let loop ((i 0)) (if (< i 20000) (begin (!? server i) (loop (+ i 1))) i)))
(define seconds (/ (- (current-jiffy) start) 1e9))
(print (let* ((last (recv (('junk 99999) 99999))) (first (recv (('junk n) n)))) (list last first)))
(print (< seconds 10))
