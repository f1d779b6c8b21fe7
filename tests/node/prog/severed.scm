;; Large and small messages in both directions while their connection is cut again and again. Who serves has an
;; inbox; main has one too, and a sender on either side, until there is a file called stop: then what
;; the inboxes have seen. Arguments: host, port, how large a large message is, the first number, whether the
;; sender there ends with its connection.
(define (payload k size)
  (case (modulo k 4)
    ((0) (make-bytevector size 7))
    ((2) (iota (quotient size 8)))
    (else 'small)))

;; Fills the nursery and the heap, so that what is garbage goes.
(define (collect)
  (let loop ((n 20) (last (iota 200000)))
    (if (> n 0) (loop (- n 1) (make-bytevector 8000000 (if (pair? last) (remainder (car last) 200) (bytevector-u8-ref last 0)))))))

(define (is-payload? x) (or (eq? x 'small) (pair? x) (bytevector? x)))

;; last: the number that came last; n: how many; faults: what came out of order, or damaged.
(define (inbox last n faults)
  (recv
    ((from tag 'report) (where (pid? from))
     (collect)
     (! from (list tag (list last n faults)))
     (inbox last n faults))
    ((k . x) (where (integer? k))
     (if (and (> k last) (is-payload? x))
         (inbox k (+ n 1) faults)
         (inbox k (+ n 1) (+ faults 1))))))

;; What the inbox has seen when the last one has come, which may be behind large ones; or in the end.
(define (report-of pid last)
  (let loop ((tries 600))
    (let ((seen (!? pid 'report 60 '(none none none))))
      (if (or (equal? (car seen) last) (= tries 0))
          seen
          (begin
            (thread-sleep! 0.1)
            (loop (- tries 1)))))))

;; Sends until it is told to stop; then the last one.
(define (sender to size first)
  (let loop ((k first))
    (recv
      ((from tag 'stop)
       (! to (cons k 'small))
       (! from (list tag k)))
      (after 0.003
        (! to (cons k (payload k size)))
        (loop (+ k 1))))))

;; A link from and a monitor of the other inbox: each loss is heard as both, once.
(define (watch node)
  (let ((there (let again () (or (with-exception-catcher (lambda (e) #f) (lambda () (resolve-service 'inbox node 5)))
                                 (begin (thread-sleep! 0.05) (again))))))
    (let ((ref (monitor there)))
      (inbound-link there)
      (print "watching")
      (let* ((link (with-exception-catcher (lambda (e) (car e)) (lambda () (? 1000))))
             (down (recv (('down ,ref _ reason) reason) (after 60 'nothing))))
        (print "lost " link " " down " " (recv (x x) (after 0 'once)))
        (watch node)))))

(define (watch-node node epoch)
  (recv
    (('node-down _ reason next)
     (if (not (> next epoch)) (if (not (eq? reason 'unreachable)) (print "epoch " next " after " epoch)))
     (watch-node node (max next epoch)))))

(publish-service 'inbox (spawn (lambda () (inbox 0 0 0))))

(define (main host port size first mortal)
  (let* ((node (make-node host (string->number port)))
         (size (string->number size))
         (first (string->number first))
         (mine (resolve-service 'inbox (current-node)))
         (theirs (remote-service 'inbox node))
         (here (spawn (lambda () (sender theirs size first))))
         (there (remote-spawn node (lambda () (if (string=? mortal "mortal") (inbound-link mine)) (sender mine size first)))))
    (spawn (lambda () (monitor-node node) (watch-node node 0)))
    (spawn (lambda () (watch node)))
    (print "begun")
    (let wait () (if (not (file-exists? "stop")) (begin (thread-sleep! 0.05) (wait))))
    (let again () (if (not (eq? #t (with-exception-catcher (lambda (e) #f) (lambda () (on node (lambda () #t) 5))))) (begin (thread-sleep! 0.1) (again))))
    (let* ((last-here (!? here 'stop 60 'none)) (last-there (if (alive? there) (!? there 'stop 60 'none) 'none)))
      (let* ((seen-there (report-of theirs last-here)) (seen-here (report-of mine last-there)))
        (print "here " (equal? (list last-there 0) (list (car seen-here) (caddr seen-here))) " " seen-here " " last-there)
        (print "there " (equal? (list last-here 0) (list (car seen-there) (caddr seen-there))) " " seen-there " " last-here)
        (? 60 'none)))))
