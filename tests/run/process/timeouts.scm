;; Timeouts: poll, the clock is not restarted by messages that do not match, a
;; timeout raised in a body is not the receive's own.
;; expect: none
;; expect: polled
;; expect: #t
;; expect: (from body)
;; expect: never
;; expect: (1 2)
;; expect: slept
;; expect: exact and inexact
;; expect: (raised timeout)
;; timeout: 30
(print (recv (x x) (after 0 'none)))
(! (self) 'polled)
(print (recv (x x) (after 0 'none)))
(let* ((me (self))
       (start (current-jiffy))
       (noise (spawn (lambda () (let loop () (! me 'noise) (? 0.01 #f) (loop))))))
  (recv ('wanted 'no) (after 0.1 'timeout))
  (print (>= (- (current-jiffy) start) (/ (jiffies-per-second) 10)))
  (terminate! noise)
  (let drain () (if (not (eq? 'empty (? 0 'empty))) (drain))))
(print (with-exception-catcher
         (lambda (e) '(from body))
         (lambda ()
           (! (self) 1)
           (recv (x (raise 'timeout)) (after 5 'own)))))
(let ((me (self)))
  (spawn (lambda () (? 0.05 #f) (! me 'never)))
  (print (recv (x x) (after #f 'no))))
(! (self) 1)
(print (list (recv (x x) (after +inf.0 'no)) 2))
(recv (after 0.01 (print 'slept)))
(recv (after 1/100 #f))
(recv ('nothing 'no) (after 0.001 (print "exact and inexact")))
(print (catch (lambda (e) (list 'raised e)) (!? (self) 'nobody 0.01)))
