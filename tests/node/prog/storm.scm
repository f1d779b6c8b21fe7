;; Processes of two nodes link, unlink, monitor, raise and end at random. When all have
;; ended, nobody has missed an end, and no record of a link is left on either side.
;; Arguments: seed, processes on each node, operations of each, host, port.
(define (next-random n) (modulo (+ (* n 1103515245) 12345) 2147483648))
(define (pick seed list) (list-ref list (modulo (quotient seed 65536) (length list))))

(define (operate n pid refs)
  (case n
    ((0) (inbound-link pid) refs)
    ((1) (outbound-link pid) refs)
    ((2) (full-link pid) refs)
    ((3 4) (unlink pid) refs)
    ((5) (cons (monitor pid) refs))
    ((6) (if (pair? refs) (begin (demonitor (car refs)) (cdr refs)) refs))
    (else (! pid 'mail) refs)))

;; Waits for a moment, whatever the others raise.
(define (look thunk) (with-exception-catcher (lambda (e) 'raised) thunk))

(define (worker)
  (recv (('begin pids seed left from)
         (operate-often pids seed left '())
         (! from (list 'done (self)))
         (end-as-told))))

(define (operate-often pids seed left refs)
  (if (> left 0)
      (let ((r (next-random seed)))
        (look (lambda () (recv ('never 'never) (after 0 'ok))))
        (operate-often pids r (- left 1) (operate (modulo (quotient r 1024) 8) (pick seed pids) refs)))))

(define (end-as-told)
  (case (look (lambda () (recv (('end how) how))))
    ((raised) (end-as-told))
    ((raise) (raise (list 'end-of (self))))
    (else 'over)))

(define (count what) (cdr (assq what (node-counters))))
(define (wait-until-quiet node tries)
  (let ((here (count 'records)) (there (on node (lambda () (count 'records)))))
    (if (or (= tries 0) (and (= here 0) (= there 0)))
        (print "records " here " " there)
        (begin (thread-sleep! 0.1) (wait-until-quiet node (- tries 1))))))

(define (main seed processes operations host port)
  (let* ((node (make-node host (string->number port)))
         (seed (string->number seed))
         (n (string->number processes))
         (me (self))
         (pids (append (map (lambda (i) (spawn worker)) (iota n))
                       (map (lambda (i) (remote-spawn node worker)) (iota n))))
         (refs (map (lambda (pid) (cons (monitor pid) pid)) pids)))
    (let loop ((pids-left pids) (r seed))
      (if (pair? pids-left)
          (begin
            (! (car pids-left) (list 'begin pids r (string->number operations) me))
            (loop (cdr pids-left) (next-random (+ r 7))))))
    (for-each (lambda (pid) (recv (('done ,pid) 'ok) (after 600 (print "stuck " pid)))) pids)
    (print "storm is over")
    (let loop ((pids-left pids) (r seed))
      (if (pair? pids-left)
          (begin
            (case (modulo (quotient r 65536) 4)
              ((0) (terminate! (car pids-left)))
              ((1) (! (car pids-left) '(end raise)))
              (else (! (car pids-left) '(end return))))
            (loop (cdr pids-left) (next-random r)))))
    (for-each (lambda (entry)
                (recv (('down ,(car entry) pid reason) (if (not (eq? pid (cdr entry))) (print "another pid")))
                      (after 600 (print "not told of " (cdr entry)))))
              refs)
    (print "all have ended")
    (wait-until-quiet node 600)
    (print "left " (? 0.1 'nothing) ", requests " (count 'requests))))
