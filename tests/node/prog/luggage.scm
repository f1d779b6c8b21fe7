;; What a process takes along, there and back: checks, printed where the process is. Then
;; the main process does the same, and ends on the other node: its program ends.
(define p (make-parameter 10))
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define (deep n thunk) (if (= n 0) (thunk) (+ 1 (deep (- n 1) thunk))))
(define (check name ok) (print name ": " (if ok "ok" "WRONG")))

(define (tour node home)
  (let* ((me (self))
         (big (expt 3 500))
         (log (make-cell '()))
         (pr (delay (+ 1 2)))
         (cyclic (letrec ((f (lambda (x) (if (= x 0) 'end (f (- x 1)))))) f)))
    (check "deep"
      (= 10007
         (deep 10000
           (lambda ()
             (migrate node)
             (check "there" (equal? (node-port (current-node)) (node-port node)))
             (check "self" (eq? me (self)))
             7))))
    (check "bignum" (= big (expt 3 500)))
    (check "promise" (= 3 (force pr)))
    (check "closure" (eq? 'end (cyclic 5)))
    (migrate home)
    (check "home" (eq? me (self)))
    (check "parameter"
       (equal? '(20 10)
         (list (parameterize ((p 20)) (migrate node) (p))
               (p))))
    (check "winds"
      (equal? '(after during before)
        (begin
          (dynamic-wind
            (lambda () (cell-set! log (cons 'before (cell-ref log))))
            (lambda () (migrate home) (cell-set! log (cons 'during (cell-ref log))) (migrate node))
            (lambda () (cell-set! log (cons 'after (cell-ref log)))))
          (cell-ref log))))
    (check "handler"
      (equal? '(caught 5)
        (with-exception-catcher (lambda (e) (list 'caught e))
          (lambda () (migrate home) (migrate node) (raise 5)))))
    (check "resume" (= 43
      (with-exception-handler (lambda (e) 42) (lambda () (migrate home) (+ 1 (raise 'x))))))
    (! me 'early) (! me 'mail)
    (migrate node)
    (! me 'late)
    (check "mail" (equal? '(mail early late) (let* ((a (recv ('mail 'mail))) (b (?)) (c (?))) (list a b c))))
    (check "timeout" (eq? 'slow (? 0.05 'slow)))
    (check "rpc" (= 5 (!? (spawn (lambda () (recv ((from tag 'q) (! from (list tag 5)))))) 'q)))
    (check "not a node" (with-exception-catcher (lambda (e) #t) (lambda () (migrate 5) #f)))
    (check "nowhere" (eq? 'migration-failed (with-exception-catcher condition-kind (lambda () (migrate (make-node "127.0.0.1" 27099)) #f))))
    (check "record" (let ((r (make-point 1 (list 2 3)))) (migrate home) (equal? (point-y r) '(2 3))))
    (migrate home)
    (check "same" (begin (migrate home) #t))))

(define (main host port)
  (let ((node (make-node host (string->number port))) (home (current-node)))
    (let ((r (monitor (spawn (lambda () (tour node home))))))
      (recv (('down ,r _ reason) (print reason))))
    (tour node home)
    (print "main done")
    (migrate node)
    (print "main is away")))
