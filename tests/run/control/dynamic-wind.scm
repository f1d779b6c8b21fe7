;; dynamic-wind: order of the thunks, escapes, re-entry, nesting, the
;; environment in which `before` and `after` run.
;; expect: (connect talk1 disconnect connect talk2 disconnect)
;; expect: (in out result)
;; expect: (a-in b-in b-out a-out)
;; expect: (in1 in2 out2 out1 in1 in2 body out2 out1)
;; expect: (in out caught)
;; expect: (10 20 10)
;; expect: handled
;; expect: (in 1 out 2)
(define (make-log) (make-cell '()))
(define (note log x) (cell-set! log (cons x (cell-ref log))))
(define (read-log log) (reverse (cell-ref log)))

(print
  (let ((path (make-log)) (k (make-cell #f)))
    (dynamic-wind
      (lambda () (note path 'connect))
      (lambda () (note path (call/cc (lambda (c) (cell-set! k c) 'talk1))))
      (lambda () (note path 'disconnect)))
    (if (< (length (read-log path)) 4)
        ((cell-ref k) 'talk2)
        (read-log path))))

(let* ((log (make-log))
       (r (dynamic-wind (lambda () (note log 'in)) (lambda () 'result) (lambda () (note log 'out)))))
  (note log r)
  (print (read-log log)))

(let ((log (make-log)))
  (call/cc
    (lambda (k)
      (dynamic-wind
        (lambda () (note log 'a-in))
        (lambda ()
          (dynamic-wind
            (lambda () (note log 'b-in))
            (lambda () (k 1))
            (lambda () (note log 'b-out))))
        (lambda () (note log 'a-out)))))
  (print (read-log log)))

;; leave two winds and come back into them
(let* ((log (make-log)) (entry (make-cell #f)) (first-time (make-cell #t)))
  (call/cc
    (lambda (leave)
      (dynamic-wind
        (lambda () (note log 'in1))
        (lambda ()
          (dynamic-wind
            (lambda () (note log 'in2))
            (lambda ()
              (call/cc (lambda (k) (cell-set! entry k) (leave 'left)))
              (note log 'body))
            (lambda () (note log 'out2))))
        (lambda () (note log 'out1)))))
  (if (cell-ref first-time)
      (begin (cell-set! first-time #f) ((cell-ref entry) 'again)))
  (print (read-log log)))

;; an exception caught outside runs `after`
(let ((log (make-log)))
  (with-exception-catcher
    (lambda (e) (note log 'caught))
    (lambda ()
      (dynamic-wind
        (lambda () (note log 'in))
        (lambda () (raise 'x))
        (lambda () (note log 'out)))))
  (print (read-log log)))

;; before and after run in the environment of the dynamic-wind
(define p (make-parameter 10))
(let ((log (make-log)))
  (call/cc
    (lambda (k)
      (dynamic-wind
        (lambda () (note log (p)))
        (lambda () (parameterize ((p 20)) (note log (p)) (k 1)))
        (lambda () (note log (p))))))
  (print (read-log log)))

;; a raise inside `after` sees the handlers outside
(print
  (with-exception-catcher
    (lambda (e) e)
    (lambda ()
      (dynamic-wind
        (lambda () #f)
        (lambda () (with-exception-handler (lambda (e) 'inner) (lambda () (raise 'x))))
        (lambda () (raise 'handled))))))

;; multiple values pass through
(call-with-values
  (lambda () (dynamic-wind (lambda () #f) (lambda () (values 1 2)) (lambda () #f)))
  (lambda (a b) (print (list 'in a 'out b))))
