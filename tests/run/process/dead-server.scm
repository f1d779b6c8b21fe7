;; A call to what is known to be dead ends at once with noproc, or the default; the timeout is
;; for silence only. A reply that comes when its call has ended is dropped.
;; expect: (none none none none)
;; expect: (noproc noproc noproc noproc noproc noproc noproc)
;; expect: late
;; expect: timeout
;; expect: (nothing nothing)
;; expect: (answer 2)
;; expect: died
(define dead (spawn (lambda () 'bye)))
(wait-for dead)
(define nobody (remote-service 'nobody (current-node)))
(define (raised thunk) (catch (lambda (e) e) (thunk)))
(print (list (generic-server-call dead 'x #f 'none) (!? dead 'x #f 'none) (!? nobody 'x #f 'none)
             (generic-server-call nobody 'x #f 'none)))
(print (map raised
            (list (lambda () (!? dead 'x)) (lambda () (!? dead 'x #f)) (lambda () (!? nobody 'x))
                  (lambda () (generic-server-call dead 'x #f)) (lambda () (fsm-call dead 'x #f))
                  (lambda () (generic-server-stop dead 'normal #f))
                  (lambda () (event-manager:sync-notify dead 'x)))))
;; alive, but silent until it is told
(define slow
  (spawn (lambda ()
           (let loop ()
             (recv ((from tag x) (where (pid? from))
                    (recv ('go (! from (list tag (list 'answer x)))))))
             (loop)))))
(print (!? slow 1 0.01 'late))
(! slow 'go)
(print (raised (lambda () (!? slow 1 0))))
(! slow 'go)
(thread-sleep! 0.05)
(print (list (? 0 'nothing) (? 0 'nothing)))
(define me (self))
(spawn (lambda () (thread-sleep! 0.05) (! slow 'go)))
(print (!? slow 2 60))
(define dying (spawn (lambda () (recv ((from tag x) (thread-sleep! 0.05))))))
(print (!? dying 'x #f 'died))
