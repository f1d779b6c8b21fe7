;; A node that serves strangers: what the attacks of the tests are sent to.
;;   echo   (from tag x) is answered with (tag x)
;;   print  writes what it gets
;;   call   calls the procedure that it gets, in a new process
(define (echo)
  (recv
    ((from tag x) (where (pid? from))
     (! from (list tag x)))
    (_ #f))
  (echo))

(define (print-all)
  (recv
    (x
      (write x)
      (newline)))
  (print-all))

(define (call-all)
  (recv
    (f (where (procedure? f))
      (spawn (lambda () (f))))
    (_ #f))
  (call-all))

(publish-service 'echo (spawn echo))
(publish-service 'print (spawn print-all))
(publish-service 'call (spawn call-all))
