;; A node that is deep in one long operation is alive and makes no progress: those who
;; monitor it are told once, and nothing is lost.
;; Arguments: host, port, 1 for work that stops the scheduler, 0 for work that does not.
(define (stop-the-scheduler)
  (string-length (number->string (expt 3 42000000))))
(define (compute until)
  (if (< (current-jiffy) until) (compute until) 'computed))

(define (main host port hard)
  (let ((node (make-node host (string->number port)))
        (hard (string=? hard "1")))
    (monitor-node node)
    (print (ping node))
    (let ((me (self)))
      (remote-spawn node
        (lambda ()
          (! me (list 'done (if hard (stop-the-scheduler) (compute (+ (current-jiffy) 3000000000))))))))
    (let wait ()
      (recv
        (('node-stalled n) (print "stalled " (equal? n node)) (wait))
        (('node-down n reason epoch) (print "down " reason))
        (('done x) (print "done"))))
    (print (? 0.3 'quiet))))
