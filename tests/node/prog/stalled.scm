;; A node that is deep in one long operation is alive and makes no progress: those who
;; monitor it are told once, and nothing is lost.
;; Arguments: host, port, what the other node does: `open` with the name of a FIFO, which stops its
;; scheduler until somebody writes there, or `compute` for so many times T, which does not; T.
(define (stop-the-scheduler fifo)
  (read-bytevector 1 (open-binary-input-file fifo)))
(define (compute until)
  (if (< (current-jiffy) until) (compute until) 'computed))

(define (main host port what argument tick)
  (let ((node (make-node host (string->number port))))
    (monitor-node node)
    (print (ping node))
    (let ((me (self)))
      (remote-spawn node
        (lambda ()
          (! me (list 'done (if (string=? what "open")
                                  (stop-the-scheduler argument)
                                  (compute (+ (current-jiffy) (* (string->number argument) (string->number tick) (jiffies-per-second))))))))))
    (let wait ()
      (recv
        (('node-stalled n) (print "stalled " (equal? n node)) (wait))
        (('node-down n reason epoch) (print "down " reason))
        (('done x) (print "done"))))
    (print (? 0.3 'quiet))))
