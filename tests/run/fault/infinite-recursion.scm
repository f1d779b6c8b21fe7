;; Infinite recursion ends its process when memory is used up; the rest goes on.
;; expect: (exception #t)
;; expect: still here
;; env: TERMITE_MAX_HEAP=400M
;; timeout: 30
;; heavy
(define (dive n) (+ 1 (dive (+ n 1))))
(let* ((p (spawn (lambda () (dive 0)))) (ref (monitor p)))
  (recv (('down ,ref _ ('exception c)) (print (list 'exception (condition? c))))))
(print "still here")
