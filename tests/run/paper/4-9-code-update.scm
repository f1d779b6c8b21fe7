;; A running server goes on as a new version of itself: the continuation of
;; another server (paper, section 4.9).
;; expect: gnop
;; expect: pong
(define server
  (spawn
    (lambda ()
      (let loop ()
        (recv
          (('update k)
           (k #t))

          ((from tag 'ping)
           (! from (list tag 'gnop)))) ; bug
        (loop)))))

(define new-server
  (spawn
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
           (! from (list tag 'pong)))) ; fixed
        (loop)))))

(print (!? server 'ping))
(! server (list 'update (!? new-server 'clone)))
(print (!? server 'ping))
