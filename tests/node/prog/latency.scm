;; How long small messages take while large ones go to the same node, over and over, and
;; while processes of this node talk to each other.
;; Arguments: host, port, bytes | list, size of a large message (bytes or elements), seconds.
(define (echo) (recv ((from tag x) (! from (list tag x)) (echo))))

(define (us-since start) (quotient (* 1000000 (- (current-jiffy) start)) (jiffies-per-second)))

;; The microseconds of each of the calls that end within that time, a pause of a millisecond between two. On a machine that
;; is busy with something else they go on until there are 400, for a minute at most.
(define (call-for seconds service)
  (let* ((start (current-jiffy)) (second (jiffies-per-second)))
    (let loop ((times '()) (n 0))
      (if (> (- (current-jiffy) start) (* (if (< n 400) 60 seconds) second))
          times
          (let ((start (current-jiffy)))
            (!? service 'x 60)
            (let ((time (us-since start)))
              (recv ('never #t) (after 0.001 #f))
              (loop (cons time times) (+ n 1))))))))

(define (report name times)
  (let* ((sorted (list->vector (sort times <)))
         (n (vector-length sorted))
         (at (lambda (part) (vector-ref sorted (min (- n 1) (quotient (* part n) 1000))))))
    (print name " n " n " p50 " (at 500) " p99 " (at 990) " max " (vector-ref sorted (- n 1)))))

(define (send-for-ever to message n from)
  (! to message)
  (! from (list 'sent n))
  (send-for-ever to message (+ n 1) from))

;; The number in the last of the messages (name number).
(define (last-number name n) (recv ((,name m) (last-number name m)) (after 0 n)))

(define (count n) (recv ('how-many (print "received " n) (count n)) (x (count (+ n 1)))))

(define (main host port kind size seconds)
  (let* ((node (make-node host (string->number port)))
         (me (self))
         (seconds (string->number seconds))
         (size (string->number size))
         (far (remote-spawn node echo))
         (near (spawn echo))
         (sink (remote-spawn node (lambda () (count 0))))
         (message (if (string=? kind "bytes") (make-bytevector size 7) (iota size))))
    (!? far 'x 120)
    (report "quiet" (call-for 1 far))
    (let ((flood (spawn (lambda () (send-for-ever sink message 1 me)))))
      (spawn (lambda () (! me (list 'local (call-for seconds near)))))
      (let ((times (call-for seconds far)))
        (recv (('local local) (report "here" local)))
        (report "across" times)
        (print "sent " (last-number 'sent 0))
        (! sink 'how-many)
        (!? far 'x 120)))))
