;; A program that begins to listen has an address; links, names and messages go on as before.
;; expect: #t 127.0.0.1 #t
;; expect: #t
;; expect: #t
;; expect: #t
;; expect: system-error
;; expect: noconnection noconnection #f no-reply
;; expect: (node-down unreachable)
;; expect: 0
(define me (self))
(define before (current-node))
(define server (spawn (lambda () (let loop () (recv ((from tag x) (! from (list tag x)) (loop)))))))
(publish-service 'echo server)
(define here (node-init (make-node "127.0.0.1" 0)))
(print (equal? here (current-node)) " " (node-host here) " " (> (node-port here) 0))
(print (eq? server (resolve-service 'echo here)))
;; the name that the run had before still names it
(print (and (ping before) (eq? server (resolve-service 'echo before))))
(print (send-nowait server 'anything))
(define (kind thunk) (with-exception-catcher (lambda (e) (condition-kind e)) thunk))
(print (kind (lambda () (node-init (make-node "127.0.0.1" (node-port here))) (node-init (make-node "127.0.0.2" 0)))))
;; nobody listens at port 1
(define nobody (make-node "127.0.0.1" 1))
(define watch (monitor-node nobody))
(print (kind (lambda () (remote-spawn nobody list))) " " (kind (lambda () (on nobody list))) " "
       (resolve-service 'echo nobody) " " (ping nobody))
(print (recv (('node-down node why epoch) (list 'node-down why))))
(print (cdr (assq 'undelivered (node-counters))))
