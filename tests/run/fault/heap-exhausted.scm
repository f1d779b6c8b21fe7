;; A process that uses up the memory ends with a report; the rest goes on.
;; expect: (exception #t)
;; expect: still here
;; expect-error: out of memory
;; env: TERMITE_MAX_HEAP=200M
;; timeout: 30
;; heavy
(let* ((p (spawn (lambda () (let loop ((l '())) (loop (cons (make-vector 1000 0) l)))))) (ref (monitor p)))
  (recv (('down ,ref _ ('exception c)) (print (list 'exception (heap-exhausted-error? c))))))
(print "still here")
