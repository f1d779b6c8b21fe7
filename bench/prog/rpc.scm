;;; Remote calls (!?) to a server on the same node: first with an empty mailbox,
;;; then with `backlog` messages in the caller's mailbox that the reply must pass.
;;; Arguments: n calls, backlog.
(include "measure.scm")

(define (server)
  (recv
    ((from tag request)
     (! from (list tag request))
     (server))))

(define (call n peer last)
  (if (= n 0)
      last
      (call (- n 1) peer (!? peer n))))

(define (send-junk n me)
  (if (> n 0)
      (begin
        (! me (list 'junk n))
        (send-junk (- n 1) me))))

(define (main n backlog)
  (let ((n (string->number n)) (me (self)) (peer (spawn server)))
    (measure "rpc-empty" 1 n (lambda () (call n peer 0)))
    (send-junk (string->number backlog) me)
    (measure "rpc-backlog" 1 n (lambda () (call n peer 0)))))
