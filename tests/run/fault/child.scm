;; A fault ends one process with a report; the rest goes on.
;; expect: (exception car)
;; expect: still here
;; expect-error: bad-child
;; expect-error: wrong type
;; exit: 0
(define (bad-child) (+ 1 (car (?))))
(let* ((p (spawn bad-child)) (ref (monitor p)))
  (! p 5)
  (recv (('down ,ref _ ('exception c))
         (print (list 'exception (if (string-contains (error-object-message c) "car") 'car c))))))
(print "still here")
