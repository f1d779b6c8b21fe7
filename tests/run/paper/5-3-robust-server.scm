;; The paper's robust server (5.3) and its trace.
;; expect: (info: starting up supervised process)
;; expect: pong
;; expect: (info: process failed)
;; expect: (info: restarting...)
;; expect: (info: starting up supervised process)
;; expect: crashed
;; expect: pong
;; expect: (info: had to terminate the process)
;; expect: (info: halting supervisor)
;; expect-error: divide-by-zero
(define (start-pong-server)
  (let loop ()
    (recv
     ((from tag 'crash)
      (! from (list tag (/ 1 0))))
     ((from tag 'ping)
      (! from (list tag 'pong))))
    (loop)))
(define robust-pong-server (spawn-thunk-supervised start-pong-server))
(define (ping server) (!? server 'ping 1 'timeout))
(define (crash server) (!? server 'crash 1 'crashed))
(define (kill server) (! server 'shutdown))
(print (ping robust-pong-server))
(print (crash robust-pong-server))
(print (ping robust-pong-server))
(kill robust-pong-server)
(wait-for robust-pong-server)
