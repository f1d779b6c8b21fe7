;; What continuations are good for when they travel (paper, section 4.9): a task goes
;; on at another node; a process moves and leaves a proxy, so its old pid still
;; works; a clone of a process runs at another node; a server there gets new code
;; while it runs. Each line is printed where it happens.
(define (show-task node)
  (let ((me (self)))
    (spawn-link
      (lambda ()
        (print "a task begins here")
        (migrate-task node)
        (print "the task goes on here")
        (! me 'done)))
    (?)))

(define (show-proxy node)
  (let* ((me (self))
         (mover (spawn-link
                  (lambda ()
                    (migrate/proxy node)
                    (let loop ()
                      (recv
                        (message
                          (print "the moved process gets " message)
                          (! me 'done)
                          (loop))))))))
    (! mover "a message to its old pid")
    (?)))

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
           (print "count " n)
           (! from (list tag n))
           (loop (+ n 1))))))))

(define (show-clone node)
  (let ((original (start-original)))
    (!? original 'count)
    (let ((clone (remote-spawn node (!? original 'clone))))
      (!? clone 'count)
      (!? clone 'count)
      (!? original 'count))))

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
           (print "pinged")
           (! from (list tag answer))))
        (loop)))))

(define (show-update node)
  (let ((server (start-server node 'gnop))
        (new-server (start-server (current-node) 'pong)))
    (print "the server there answers " (!? server 'ping))
    (! server (list 'update (!? new-server 'clone)))
    (print "after the update it answers " (!? server 'ping))))

(define (main host port)
  (let ((node (make-node host (string->number port))))
    (for-each (lambda (show) (show node))
              (list show-task show-proxy show-clone show-update))))
