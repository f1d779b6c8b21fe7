;; A process sends a long message, moves, and sends more: the receiver gets all in that order.
;; Arguments: tries, bytes of a long message, where the sender begins (here, there), host and port of
;; the other node, of a third one where receivers may be as well.
(define (noise size)
  (list->bytevector
   (let loop ((i 0) (x 12345) (l '()))
     (if (= i size) l (loop (+ i 1) (modulo (+ (* x 1103515245) 12345) 2147483648) (cons (quotient x 8388608) l))))))

(define (receiver who)
  (lambda ()
    (let loop ((n 5) (l '()))
      (if (= n 0)
          (! who (cons 'got (reverse l)))
          (loop (- n 1) (cons (let ((m (?))) (if (bytevector? m) 'long m)) l))))))

(define (got) (recv (('got . l) l) (after 120 'nothing)))

;; The sender begins where it is made, `first`, and moves to `second`; the receiver is on `where`.
(define (try first second where long)
  (let ((q (remote-spawn where (receiver (self)))))
    (remote-spawn first (lambda () (! q 1) (! q long) (! q 2) (migrate second) (! q 3) (! q 4)))
    (got)))

;; There and back again: the receiver is where the sender was made.
(define (try-home home there long)
  (let ((q (remote-spawn home (receiver (self)))))
    (remote-spawn home (lambda () (migrate there) (! q 1) (! q long) (! q 2) (migrate home) (! q 3) (! q 4)))
    (got)))

;; Its end comes behind its mail, though its home says it.
(define (try-end home there long)
  (let* ((me (self))
         (q (remote-spawn home (lambda ()
                                 (recv (('watch p) (monitor p) (! me 'watches) (! p 'go)))
                                 (let* ((a (?)) (b (?))) (! me (list 'got (if (bytevector? a) 'long 'down) (if (bytevector? b) 'long 'down)))))))
         (p (remote-spawn home (lambda () (recv ('go (migrate there) (! q long)))))))
    (! q (list 'watch p))
    (recv ('watches (void)))
    (got)))

(define (check name tries right try)
  (let loop ((i 0))
    (if (= i tries)
        (print name " ok")
        (let ((l (try)))
          (if (equal? l right) (loop (+ i 1)) (print name " WRONG: " l))))))

(define (main tries size host port third-host third-port)
  (let ((here (current-node)) (there (make-node host (string->number port)))
        (third (make-node third-host (string->number third-port)))
        (tries (string->number tries)) (long (noise (string->number size))) (right '(1 long 2 3 4)))
    (ping there)
    (ping third)
    (check "to the receiver's node" tries right (lambda () (try here there there long)))
    (check "from there" tries right (lambda () (try there here here long)))
    (check "away from it" tries right (lambda () (try there here there long)))
    (check "home" tries right (lambda () (try-home here there long)))
    (check "home of another node" tries right (lambda () (try-home there third long)))
    (check "end of a guest" tries '(long down) (lambda () (try-end here there long)))
    (check "end of another's guest" tries '(long down) (lambda () (try-end there third long)))
    (print "done")))
