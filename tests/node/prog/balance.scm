;; The paper's load balancing (5.1), with loads that the test chooses: the node of
;; `main` says 2, others 1. Arguments: host and port of the other node.
(define (start-meter supervisor load)
  (let loop ()
    (! supervisor (list 'load-report (self) load))
    (recv (after 0.05 'ok))
    (loop)))
(define (meter-supervisor meter-list)
  (let loop ((meters (make-dict)))
    (recv
      (('load-report from load) (loop (dict-set meters from load)))
      ((from tag 'minimum-load)
       (let ((min (find-min (dict->list meters))))
         (! from (list tag (pid-node (car min)))))
       (loop meters))
      ((from tag 'average-load)
       (! from (list tag (list-average (map cdr (dict->list meters)))))
       (loop meters)))))
(define (start-meter-supervisor nodes)
  (spawn
   (lambda ()
     (let ((supervisor (self)))
       (meter-supervisor
        (map (lambda (node load)
               (spawn (lambda () (migrate node) (start-meter supervisor load))))
             nodes '(2 1)))))))
(define (start-work-dispatcher load-server)
  (spawn
   (lambda ()
     (let loop ()
       (recv
         ((from tag ('dispatch thunk))
          (let ((min-loaded-node (!? load-server 'minimum-load)))
            (spawn
             (lambda ()
               (migrate min-loaded-node)
               (! from (list tag (thunk))))))))
       (loop)))))

(define (main host port)
  (let* ((other (make-node host (string->number port)))
         (load-server (start-meter-supervisor (list (current-node) other)))
         (dispatcher (start-work-dispatcher load-server)))
    (let wait ()
      (if (equal? (!? load-server 'average-load) 3/2) 'both (begin (thread-sleep! 0.02) (wait))))
    (print "least loaded: " (if (equal? (!? load-server 'minimum-load) other) 'other 'wrong))
    (print (!? dispatcher (list 'dispatch (lambda () (list 'computed 'at (if (equal? (current-node) other) 'other 'home))))))))
