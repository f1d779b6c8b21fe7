;; What continuations are good for when they travel (paper, section 4.9): a task
;; goes on at another node; a process moves and leaves a proxy; a clone of a
;; process runs at another node; a server there gets new code while it runs.
(define (at-home? home)
  (if (equal? (current-node) home) 'here 'there))

;; migrate-task, as the paper writes it.
(define (show-task node me home)
  (spawn
    (lambda ()
      (! me (list 'task (at-home? home)))
      (migrate-task node)
      (! me (list 'task (at-home? home)))))
  (print (?))
  (print (?)))

;; migrate/proxy: the old pid forwards.
(define (show-proxy node me home)
  (let ((mover (spawn
                 (lambda ()
                   (migrate/proxy node)
                   (let loop ()
                     (recv
                       (x
                         (! me (list 'proxy x (at-home? home)))
                         (loop))))))))
    (! mover 'one)
    (! mover 'two)
    (print (?))
    (print (?))))

(define (start-original)
  (spawn
    (lambda ()
      (let loop ((n 1))
        (recv
          ((from tag 'clone)
           (call/cc
             (lambda (clone)
               (! from (list tag (lambda () (clone #t))))))
           (loop n))
          ((from tag 'count)
           (! from (list tag n))
           (loop (+ n 1))))))))

(define (show-clone node me home)
  (let ((original (start-original)))
    (!? original 'count)
    (let ((clone (remote-spawn node (!? original 'clone))))
      (print (list 'clone (!? clone 'count 5) (equal? (pid-node clone) node)))
      (print (list 'original (!? original 'count))))))

(define (start-server node answer)
  (remote-spawn node
    (lambda ()
      (let loop ()
        (recv
          (('update k)
           (k #t))
          ((from tag 'clone)
           (call/cc
             (lambda (k)
               (! from (list tag k)))))
          ((from tag 'ping)
           (! from (list tag answer))))
        (loop)))))

(define (show-update node me home)
  (let ((server (start-server node 'gnop))
        (new-server (start-server home 'pong)))
    (print (!? server 'ping 5))
    (! server (list 'update (!? new-server 'clone 5)))
    (print (!? server 'ping 5))))

(define (main host port)
  (let ((node (make-node host (string->number port)))
        (home (current-node)))
    (for-each (lambda (show) (show node (self) home))
              (list show-task show-proxy show-clone show-update))))
