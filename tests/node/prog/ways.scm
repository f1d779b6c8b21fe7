;; Every way that carries a large value: how often other processes of both nodes run meanwhile.
;; Arguments: host, port, elements of a list; or host, port, refused.
(define (us-since start) (quotient (* 1000000 (- (current-jiffy) start)) (jiffies-per-second)))

;; Runs again and again; (from 'so-far): how often since the last question, and the longest pause in between.
(define (ticker n worst before)
  (recv
    ((from tag 'so-far) (! from (list tag (list n worst))) (ticker 0 0 (current-jiffy)))
    (after 0.0005 (ticker (+ n 1) (max worst (us-since before)) (current-jiffy)))))
(define (start-ticker) (ticker 0 0 (current-jiffy)))

(define (pauses name tickers thunk)
  (for-each (lambda (t) (!? (cdr t) 'so-far)) tickers)
  (let* ((start (current-jiffy)) (value (thunk)) (time (us-since start)))
    (for-each (lambda (t) (let ((ticks (!? (cdr t) 'so-far)))
                            (print name " " (car t) " " (car ticks) " times, worst " (cadr ticks) " in " time)))
              tickers)
    value))

(define (server) (recv ((from tag x) (! from (list tag (length x))) (server))))
;; Migrates to the node and back when it is told to.
(define (walker big)
  (recv
    (('go node from) (migrate node) (! from (list 'arrived (length big))) (walker big))
    ((from tag x) (! from (list tag (length x))) (walker big))))

;; What is seen to be too large only behind the first steps: each way says so, and goes on.
(define (hopeless) (append (iota 300000) (list (make-bytevector 268500000 1))))
(define (kind-of thunk) (with-exception-catcher condition-kind thunk))
(define (refusals node)
  (let ((big (hopeless)) (me (self)))
    (print "refused send " (kind-of (lambda () (! (remote-spawn node server) big) (recv ('never 'never) (after 300 'silence)))))
    (print "refused spawn " (kind-of (lambda () (remote-spawn node (lambda () (length big))))))
    (print "refused on " (kind-of (lambda () (on node (lambda () (length big))))))
    (print "refused answer " (kind-of (lambda () (on node hopeless))))
    (spawn (lambda ()
             (let ((kind (kind-of (lambda () (migrate node) 'arrived))))
               (! me (list 'stayed kind (length big) (equal? (pid-node (self)) (current-node)))))))
    (print "refused migrate " (recv (('stayed . rest) rest)))
    (print "still there " (on node (lambda () (+ 1 2))))))

(define (main host port n)
  (if (equal? n "refused")
      (refusals (make-node host (string->number port)))
      (go (make-node host (string->number port)) n)))

(define (go node n)
  (let* ((home (current-node))
         (me (self))
         (big (iota (string->number n)))
         (zeros (make-list (string->number n) 0))
         (far (remote-spawn node start-ticker))
         (near (spawn start-ticker))
         (tickers (list (cons "here" near) (cons "there" far))))
    (pauses "send" tickers (lambda () (let ((s (remote-spawn node server))) (!? s big 60))))
    (pauses "zeros" tickers (lambda () (let ((s (remote-spawn node server))) (!? s zeros 60))))
    (pauses "spawn" tickers (lambda () (remote-spawn node (lambda () (! me (list 'spawned (length big))))) (recv (('spawned n) n))))
    (pauses "on" tickers (lambda () (on node (lambda () (length big)))))
    (pauses "answer" tickers (lambda () (length (on node (lambda () (iota (string->number n)))))))
    (let ((w (spawn (lambda () (walker big)))))
      (pauses "migrate" tickers (lambda () (! w (list 'go node me)) (recv (('arrived n) n))))
      (pauses "moved" tickers (lambda () (!? w big 60)))
      (pauses "back" tickers (lambda () (! w (list 'go home me)) (recv (('arrived n) n)))))
    (pauses "bytes" tickers (lambda () (bytevector-length (object->bytevector big))))
    (pauses "object" tickers (lambda () (length (bytevector->object (object->bytevector big)))))))
