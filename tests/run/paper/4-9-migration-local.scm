;; The two migrations of the paper (section 4.9) with `spawn` in the place of
;; `remote-spawn`: a task goes on in another process of this node.
;; expect: (before #t)
;; expect: (after #f)
;; expect: (forwarded hello)
(define (move-task)
  (call/cc
    (lambda (k)
      (spawn (lambda () (k #t)))
      (halt!))))

(define (move/proxy)
  (define (proxy pid)
    (let loop ()
      (! pid (?))
      (loop)))
  (call/cc
    (lambda (k)
      (proxy (spawn-link (lambda () (k #t)))))))

(define main-process (self))

(define task
  (spawn
    (lambda ()
      (let ((home (self)))
        (! main-process (list 'before (eq? home (self))))
        (move-task)
        (! main-process (list 'after (eq? home (self))))))))

(print (?))
(print (?))

(define mover
  (spawn
    (lambda ()
      (move/proxy)
      (recv (x (! main-process (list 'forwarded x)))))))

(! mover 'hello)
(print (?))
