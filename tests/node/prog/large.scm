;; A large message is on its way while small ones get answers.
;; Arguments: host, port, megabytes.
(define (echo) (recv ((from tag x) (! from (list tag x)) (echo))))

(define (ms-since start) (quotient (* 1000 (- (current-jiffy) start)) (jiffies-per-second)))

;; (number of answers . the slowest), until the large message has arrived
(define (answers service n worst)
  (let ((start (current-jiffy)))
    (!? service 'x 120)
    (let ((worst (max worst (ms-since start))))
      (recv
        ('arrived (cons n worst))
        (after 0.001 (answers service (+ n 1) worst))))))

(define (main host port megabytes)
  (let* ((node (make-node host (string->number port)))
         (me (self))
         (service (remote-spawn node echo))
         (sink (remote-spawn node (lambda () (recv (x (! me 'arrived) (print (bytevector-length x))))))))
    (! sink (make-bytevector (* 1000000 (string->number megabytes)) 7))
    (print "begins")
    (let ((result (answers service 1 0)))
      (print "answers " (car result) " worst " (cdr result)))))
