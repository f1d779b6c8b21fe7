;; What one process sends to another one arrives in order, however the receiver is named, wherever
;; it is, and whatever the sender does meanwhile.
;; Arguments: tries, elements of a long message, host and port of a node B, of another one C.
(define (kind-of m)
  (cond ((and (pair? m) (eq? (car m) 'down)) 'down)
        ((pair? m) 'long)
        ((error-object? m) 'error)
        (else m)))

;; ('try who n): tells `who` what comes next, n messages; ('watch who p n): and monitors p.
(define (serve)
  (recv
    (('try who n) (tell who n))
    (('watch who p n) (monitor p) (! who 'watches) (tell who n)))
  (serve))
(define (tell who n)
  (! who (cons 'got (let loop ((n n) (l '())) (if (= n 0) (reverse l) (loop (- n 1) (cons (kind-of (?)) l)))))))

(publish-service 'q (spawn serve))
(publish-service 'r (spawn serve))

;; ---- the program that tries

(define (got) (recv (('got . l) l) (after 60 'nothing)))

(define (check name tries right try)
  (let loop ((i 0))
    (if (= i tries)
        (print name " ok")
        (let ((l (try i)))
          (if (equal? l right)
              (loop (+ i 1))
              (print name " WRONG: " l))))))

;; A process that waits for `go`, then runs `body`; monitored by `q`, which gets n messages.
(define (watched q n body)
  (let ((me (self)) (p (spawn (lambda () (recv ('go (void))) (body)))))
    (! q (list 'watch me p n))
    (recv ('watches (void)))
    (! p 'go)
    (got)))

(define (main tries size b-host b-port c-host c-port)
  (let* ((b (make-node b-host (string->number b-port))) (c (make-node c-host (string->number c-port)))
         (me (self)) (tries (string->number tries)) (long (iota (string->number size)))
         (q (resolve-service 'q b)) (r (resolve-service 'r b)) (third (resolve-service 'q c))
         (by-name (remote-service 'q b)))
    (check "pid, name" tries '(long short)
           (lambda (i) (! q (list 'try me 2)) (! q long) (! by-name 'short) (got)))
    (check "name, pid" tries '(long short)
           (lambda (i) (! q (list 'try me 2)) (! by-name long) (! q 'short) (got)))
    (on b (lambda () (publish-service 'q2 q)))
    (check "two names" tries '(long short)
           (lambda (i) (! q (list 'try me 2)) (! by-name long) (! (remote-service 'q2 b) 'short) (got)))
    (check "name, down" tries '(long down)
           (lambda (i) (watched q 2 (lambda () (! by-name long)))))
    (check "name, killed" tries '(long down)
           (lambda (i) (watched q 2 (lambda () (! by-name long) (terminate! (self))))))
    (check "names that change" tries '(long short)
           (lambda (i)
             (on b (lambda () (publish-service 'moving (if (even? i) q r))))
             (let ((now (if (even? i) q r)))
               (! now (list 'try me 2)) (! (remote-service 'moving b) long) (! now 'short) (got))))
    ;; a name on B for a process of C
    (on b (lambda () (publish-service 'third third)))
    (check "third node, name, pid" tries '(1 2)
           (lambda (i) (! third (list 'try me 2)) (! (remote-service 'third b) 1) (! third 2) (got)))
    (check "third node, long" tries '(long short)
           (lambda (i) (! third (list 'try me 2)) (! (remote-service 'third b) long) (! third 'short) (got)))
    (check "third node, name, down" tries '(long down)
           (lambda (i) (watched third 2 (lambda () (! (remote-service 'third b) long)))))
    (check "a name that goes from node to node" tries '(long 2)
           (lambda (i)
             (let ((now (if (even? i) third r)))
               (on b (lambda () (publish-service 'third now)))
               (! now (list 'try me 2)) (! (remote-service 'third b) long) (! now 2) (got))))
    ;; a name on B for a process of this node
    (let ((here (spawn serve)))
      (on b (lambda () (publish-service 'here here)))
      (check "name there of a process here" tries '(1 2)
             (lambda (i) (! here (list 'try me 2)) (! (remote-service 'here b) 1) (! here 2) (got))))
    (print "done")))
