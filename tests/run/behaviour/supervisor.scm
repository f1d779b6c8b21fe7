;; Supervisors: strategies, restart limits, simple-one-for-one.
;; expect: -- one-for-one
;; expect: a starts
;; expect: b starts
;; expect: c starts
;; expect: b starts
;; expect: (a b c) 3
;; expect: c stops
;; expect: b stops
;; expect: a stops
;; expect: -- one-for-all
;; expect: a starts
;; expect: b starts
;; expect: c starts
;; expect: c stops
;; expect: a stops
;; expect: a starts
;; expect: b starts
;; expect: c starts
;; expect: (a b c) 3
;; expect: c stops
;; expect: b stops
;; expect: a stops
;; expect: -- rest-for-one
;; expect: a starts
;; expect: b starts
;; expect: c starts
;; expect: c stops
;; expect: b starts
;; expect: c starts
;; expect: (a b c) 3
;; expect: c stops
;; expect: b stops
;; expect: a stops
;; expect: -- limits
;; expect: x starts
;; expect: y starts
;; expect: z starts
;; expect: ((x #f) (z #t))
;; expect: x starts
;; expect: z starts
;; expect: x stops
;; expect: limit z asked to fail
;; expect: -- simple
;; expect: 1000
;; expect: 999
;; expect: #f
(define (worker name)
  (lambda ()
    (print name " starts")
    (let loop ()
      (recv
        ('fail (error "asked to fail" name))
        ('quit 'done)
        ('shutdown (print name " stops"))
        ((from tag 'ready) (! from (list tag #t)) (loop))
        (other (loop))))))
;; A start procedure that returns when the worker has said its line.
(define (starter name)
  (lambda ()
    (let ((pid (spawn (worker name))))
      (!? pid 'ready)
      pid)))
(define (child name . more) (apply make-child name (starter name) more))
(define (pid-of sup id) (cadr (assoc id (supervisor-children sup))))
;; Sends a message that ends the process and waits until it has ended; the
;; supervisor hears of it before it gets another request from here.
(define (finish pid message)
  (let ((ref (monitor pid)))
    (! pid message)
    (recv (('down ,ref _ _) 'ended))))
(define (try strategy victim)
  (print "-- " strategy)
  (let ((sup (supervisor-start strategy (list (child 'a) (child 'b) (child 'c)))))
    (finish (pid-of sup victim) 'fail)
    (print (map car (supervisor-children sup)) " " (supervisor-count sup))
    (supervisor-stop sup)))
(try 'one-for-one 'b)
(try 'one-for-all 'b)
(try 'rest-for-one 'b)
(print "-- limits")
(let* ((sup (supervisor-start 'one-for-one (list (child 'x 'transient) (child 'y 'temporary) (child 'z 'permanent)) 1 10))
       (ref (monitor sup)))
  (finish (pid-of sup 'x) 'quit)
  (finish (pid-of sup 'y) 'fail)
  (print (map (lambda (c) (list (car c) (pid? (cadr c)))) (supervisor-children sup)))
  (supervisor-restart-child sup 'x)
  (finish (pid-of sup 'z) 'quit)
  (finish (pid-of sup 'z) 'fail)
  (recv (('down ,ref _ ('exception ('restart-limit id ('exception e)))) (print "limit " id " " (error-object-message e)))))
(print "-- simple")
(let ((sup (supervisor-start 'simple-one-for-one (list (make-child 'w (thunk-starter (lambda (n) (let loop () (recv ('shutdown 'x) (any (loop))))))  'temporary)))))
  (let ((pids (map (lambda (i) (supervisor-start-child sup i)) (iota 1000))))
    (print (supervisor-count sup))
    (let ((ref (monitor (car pids)))) (terminate! (car pids)) (recv (('down ,ref _ _) 'ended)))
    (print (supervisor-count sup))
    (supervisor-stop sup)
    (print (alive? (cadr pids)))))
