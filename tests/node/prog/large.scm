;; A large message is on its way while small ones get answers.
;; Arguments: host, port, megabytes.
(define (echo) (recv ((from tag x) (! from (list tag x)) (echo))))

(define (ms-since start) (quotient (* 1000 (- (current-jiffy) start)) (jiffies-per-second)))

(define (worst-answer service worst done)
  (let ((start (current-jiffy)))
    (!? service 'x 20)
    (let ((worst (max worst (ms-since start))))
      (recv
        ('arrived worst)
        (after 0.005 (worst-answer service worst done))))))

(define (main host port megabytes)
  (let* ((node (make-node host (string->number port)))
         (me (self))
         (service (remote-spawn node echo))
         (sink (remote-spawn node (lambda () (recv (x (! me 'arrived) (print (bytevector-length x))))))))
    (! sink (make-bytevector (* 1000000 (string->number megabytes)) 7))
    (print "worst " (worst-answer service 0 #f))))
