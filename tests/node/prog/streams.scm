;; Every node sends numbered messages to every other one, while nodes are killed,
;; started again and stopped. A number comes at most once and never after a higher
;; one; where numbers are missing, the sender has been told of a loss in between.
;; Arguments: writers for each node, milliseconds between messages, ports of the others.
(define (receive-all seen n)
  (recv
    (('number writer k losses)
     (let ((last (dict-ref seen writer #f)))
       (if last
           (cond
             ((<= k (car last)) (print "again: " k " of " writer " after " last))
             ((and (> k (+ 1 (car last))) (<= losses (cdr last)))
              (print "lost: from " last " to " k " with " losses " losses of " writer))))
       (if (= 0 (modulo n 500)) (print "heard " n))
       (receive-all (dict-set seen writer (cons k losses)) (+ n 1))))))

(publish-service 'sink (spawn (lambda () (receive-all (dict) 1))))

;; The losses that it has been told of come before what it sends afterwards.
(define (write-all sink name k losses pause)
  (recv
    (('node-down node reason epoch)
     (write-all sink name k (+ losses 1) pause))
    (after 0
      (! sink (list 'number name k losses))
      (recv ('never #t) (after pause #f))
      (write-all sink name (+ k 1) losses pause))))

(define (main writers ms . ports)
  (let ((own (node-port (current-node)))
        (host (node-host (current-node)))
        (run (random-integer 1000000000)))
    (for-each
      (lambda (port)
        (let ((node (make-node host (string->number port))))
          (for-each
            (lambda (i)
              (spawn
                (lambda ()
                  (monitor-node node)
                  (write-all (remote-service 'sink node) (list own run port i) 1 0
                             (/ (string->number ms) 1000)))))
            (iota (string->number writers)))))
      ports)
    (let wait () (? 1000 #f) (wait))))
