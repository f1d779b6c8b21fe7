;; Pattern matching on messages; what matches no clause stays queued (paper,
;; section 4.3).
;; expect: pong
;; expect: pong
;; expect: junk
;; expect: (5 ping)
(define better-pong-server
  (spawn
    (lambda ()
      (let loop ()
        (recv
          ((from 'ping)          ; pattern to match
           (where (pid? from))   ; constraint
           (! from 'pong))       ; action
          ('dump
           (! main-process (?))
           (! main-process (?))))
        (loop)))))

(define main-process (self))

(! better-pong-server 'junk)
(! better-pong-server (list 5 'ping))
(! better-pong-server (list (self) 'ping))
(print (?))
(! better-pong-server (list (self) 'ping))
(print (?))
(! better-pong-server 'dump)
(print (?))
(print (?))
