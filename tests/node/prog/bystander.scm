;; Calls a service of another node again and again, as a peer that has nothing to do
;; with an attack on it. Prints a line for every 20 answers, and for each that took more
;; than half a second, or was missing. Arguments: host, port, seconds to wait for an answer.
(define (call service limit)
  (let* ((start (current-jiffy))
         (answer (!? service 'hello limit 'missing))
         (ms (quotient (* 1000 (- (current-jiffy) start)) (jiffies-per-second))))
    (cond ((not (eq? answer 'hello)) (print "missing after " ms " ms"))
          ((> ms 500) (print "late " ms)))))

(define (main host port limit)
  (let ((echo (remote-service 'echo (make-node host (string->number port))))
        (limit (string->number limit)))
    (let loop ((i 1))
      (call echo limit)
      (if (= 0 (modulo i 20)) (print i " calls"))
      (? 0.01 #f)
      (loop (+ i 1)))))
