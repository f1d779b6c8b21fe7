;; A process gives up calls wherever it is, moves, and the replies come: they are dropped. Arguments: host and port
;; of two nodes.

;; Takes requests, and answers what it has taken when it is told; then says so to all who have asked.
(define (slow taken)
  (recv ((from tag x) (where (tag? tag)) (slow (cons (list from tag x) taken)))
        ('go (for-each (lambda (call)
                         (! (car call) (list (cadr call) (list 'answer (caddr call))))
                         (! (car call) 'answered))
                       (reverse taken))
             (slow '()))))

;; What is left in the mailbox when all n calls have been answered.
(define (rest-of-mail server n)
  (! server 'go)
  (for-each (lambda (i) (recv ('answered (void)))) (iota n))
  (? 0 'nothing))

(define (call-there server place)
  (migrate place)
  (list (!? server 'x 0.01 'late) (generic-server-call server 'y 0.01 'late)))

;; A new process gives up two calls at each of the places, goes on to `where`, and gets the replies there.
(define (go name where places)
  (let ((me (self)) (server (spawn (lambda () (slow '())))))
    (spawn
     (lambda ()
       (let ((given-up (map (lambda (place) (call-there server place)) places)))
         (migrate where)
         (let ((mail (rest-of-mail server (* 2 (length places)))))
           (spawn (lambda () (thread-sleep! 0.1) (! server 'go)))
           (! me (list 'line name given-up mail (!? server 'z 60)))))))
    (recv (('line . parts) (print parts)))))

(define (main host-a port-a host-b port-b)
  (let ((here (current-node))
        (a (make-node host-a (string->number port-a))) (b (make-node host-b (string->number port-b))))
    (go 'away a (list here))
    (go 'home here (list a))
    (go 'further b (list a))
    (go 'around here (list here a b a))))
