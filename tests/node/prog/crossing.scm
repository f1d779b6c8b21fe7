;; Two nodes that dial each other at the same moment, and both send numbered messages at
;; once. Each says whether any was missing or out of order.
;; Arguments: host and port of the other node, the number of messages, a folder: they begin
;; when the file `go` is there.
(define (receive-all expected last faults)
  (if (> expected last)
      faults
      (recv
        ((k) (where (= k expected))
         (receive-all (+ expected 1) last faults))
        ((k)
         (receive-all (+ k 1) last (cons k faults)))
        (after 120 (list 'missing-from expected)))))

(define (inbox)
  (recv
    (('report to last)
     (! to (list 'faults (receive-all 1 last '()))))))

(publish-service 'inbox (spawn inbox))

(define (send-all to k last)
  (if (<= k last)
      (begin
        (! to (list k))
        (send-all to (+ k 1) last))))

(define (wait-for-file name) (if (not (file-exists? name)) (begin (? 0.001 #f) (wait-for-file name))))

(define (main host port messages folder)
  (let ((last (string->number messages))
        (there (remote-service 'inbox (make-node host (string->number port)))))
    (print "here")
    (wait-for-file (string-append folder "/go"))
    (! (resolve-service 'inbox (current-node)) (list 'report (self) last))
    (send-all there 1 last)
    (recv (('faults faults) (print "faults " faults)))
    (? 0.3 #f)))
