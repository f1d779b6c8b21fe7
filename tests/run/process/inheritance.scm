;; What a process has from its parent: parameters, and nothing else: no handlers,
;; no winds, no messages; a continuation brings its own environment along.
;; expect: (parameter 2)
;; expect: (down (exception oops))
;; expect: none
;; expect: (wound in out)
;; expect: (moved child 2 (in in out out))
;; expect-error: oops
(define me (self))
(define p (make-parameter 1))
(parameterize ((p 2)) (spawn (lambda () (! me (list 'parameter (p))))))
(print (?))
;; the parent's handler is not the child's
(with-exception-handler
  (lambda (e) 'handled-by-parent)
  (lambda ()
    (let ((ref (monitor (spawn (lambda () (? 0.01 #f) (raise 'oops) (! me 'wrong))))))
      (recv (('down ,ref _ reason) (print (list 'down reason)))))))
(! me 'for-me)
(spawn (lambda () (! me (? 0 'none))))
(?)
(print (?))
;; ending a process that was spawned inside a dynamic-wind runs no `after` of the parent
(define log
  (spawn
    (lambda ()
      (let loop ((notes '()))
        (recv (('note x) (loop (cons x notes)))
              ((from tag 'take) (! from (list tag (reverse notes))) (loop '())))))))
(define (note x) (! log (list 'note x)))
(dynamic-wind
  (lambda () (note 'in))
  (lambda () (wait-for (spawn (lambda () (halt!)))))
  (lambda () (note 'out)))
(print (cons 'wound (!? log 'take)))
;; a process that goes on with a continuation enters its winds and has its parameters
(define where
  (parameterize ((p 2))
    (dynamic-wind
      (lambda () (note 'in))
      (lambda ()
        (let ((home (self)))
          (call/cc (lambda (k) (spawn (lambda () (k #t))) (recv ('go-on #f))))
          (if (eq? home (self))
              'home
              (begin (! home 'go-on) (list 'moved 'child (p))))))
      (lambda () (note 'out)))))
(if (pair? where)
    (begin (! me where) (halt!))
    (let* ((report (recv (('moved who value) (list 'moved who value)))))
      (print (append report (list (list-sort (lambda (a b) (and (eq? a 'in) (eq? b 'out))) (!? log 'take)))))))
