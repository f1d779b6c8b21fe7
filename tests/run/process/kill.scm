;; terminate! ends a process in any state: waiting, computing, not yet started.
;; expect: killed
;; expect: killed
;; expect: killed
;; expect: #f
;; expect: main goes on
;; timeout: 30
(define (kill-and-show p)
  (let ((ref (monitor p)))
    (terminate! p)
    (print (recv (('down ,ref _ reason) reason) (after 10 'nothing)))
    p))
(define (spin n) (spin (+ n 1)))
(kill-and-show (spawn (lambda () (?))))
(let ((p (spawn (lambda () (spin 0)))))
  (? 0.05 #f)
  (kill-and-show p))
(print (alive? (kill-and-show (spawn (lambda () (spin 0))))))
(! (spawn (lambda () (terminate! (self)))) 'x)
(? 0.01 #f)
(print "main goes on")
