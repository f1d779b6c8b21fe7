;; Everything that takes a node works on the current one, without any network.
;; expect: #t #t #t
;; expect: (example.org 3000) #t #f
;; expect: 3
;; expect: (raised bad)
;; expect: (raised wrong-type)
;; expect: timeout
;; expect: late
;; expect: (done)
;; expect: error killed
;; expect: (1 2)
;; expect: in a parameter
;; expect: linked
;; expect: #t #f
;; expect: #t #f #f
;; expect: through a service
;; expect: #f
;; expect: (down #t service noproc)
;; expect: noproc
;; expect: #t
;; expect: refused refused refused refused refused
;; expect: the host is empty; a host name has no such character; a host name has no such character; a host has at most 255 characters
;; expect: 80 refused refused refused
(define here (current-node))
(define (try thunk) (with-exception-catcher (lambda (e) (list 'raised (if (condition? e) (condition-kind e) e))) thunk))

(print (node? here) " " (eqv? 0 (node-port here)) " " (equal? here (pid-node (self))))
(define there (make-node "example.org" 3000))
(print (list (node-host there) (node-port there)) " " (equal? there (make-node "example.org" 3000)) " " (equal? there here))

(print (on here (lambda () (+ 1 2))))
(print (try (lambda () (on here (lambda () (raise 'bad))))))
(print (try (lambda () (on here (lambda () (car 5))))))
(print (with-exception-catcher (lambda (e) e) (lambda () (on here (lambda () (?)) 0.01))))
(print (on here (lambda () (?)) 0.01 'late))
;; what comes after the timeout is never seen
(print (begin (on here (lambda () (thread-sleep! 0.02) 'too-late) 0.01 'gone) (thread-sleep! 0.05) (? 0 '(done))))
(print (cadr (try (lambda () (on here (lambda () (halt!)))))) " "
       (cadr (try (lambda () (on here (lambda () (terminate! (self))))))))
(call-with-values (lambda () (on here (lambda () (values 1 2)))) (lambda (a b) (print (list a b))))

(define place (make-parameter "nowhere"))
(define me (self))
(parameterize ((place "in a parameter")) (remote-spawn here (lambda () (! me (place)))))
(print (?))
(print (catch (lambda (e) e) (remote-spawn-link here (lambda () (raise 'linked))) (? 1)))

;; names
(define server (spawn (lambda () (let loop () (recv ((from tag x) (! from (list tag x)) (loop)) ('stop 'ok))))))
(publish-service 'echo server)
(print (eq? server (resolve-service 'echo here)) " " (resolve-service 'nothing here))
(define echo (remote-service 'echo here))
(print (pid? echo) " " (begin (unpublish-service 'echo me) (not (resolve-service 'echo here))) " " (eq? echo server))
(print (!? echo "through a service"))
(! echo 'stop)
(wait-for server)
(print (resolve-service 'echo here))
(define ref (monitor echo))
(print (recv (('down r who why) (list 'down (eq? r ref) (if (equal? who echo) 'service who) why))))
(print (car (with-exception-catcher (lambda (e) e) (lambda () (full-link echo) (? 1)))))
(print (eq? (ping here) (quote pong)))
(define (refuses? thunk) (if (pair? (try thunk)) 'refused 'taken))
(print (refuses? (lambda () (make-node 'host 1))) " " (refuses? (lambda () (make-node "host" 70000))) " "
       (refuses? (lambda () (make-node "a\nb" 1))) " "
       (refuses? (lambda () (remote-spawn 5 list))) " " (refuses? (lambda () (publish-service "name" me))))
;; what no host can be is refused when the node is named, not when somebody looks for it
(define (why host) (car (error-object-irritants (with-exception-catcher (lambda (e) e) (lambda () (make-node host 80))))))
(print (why "") "; " (why "a b") "; " (why "a\x0;b") "; " (why (make-string 256 #\a)))
(print (node-port (make-node (make-string 255 #\a) 80)) " " (refuses? (lambda () (make-node "a" -1))) " "
       (refuses? (lambda () (make-node "a" 65536))) " " (refuses? (lambda () (make-node "a" 1.5))))
