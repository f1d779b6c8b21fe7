;;; Calls of a generic server, next to the bare !? on which they rest.
;;; Argument: n calls.
(include "measure.scm")

(define (server)
  (recv
    ((from tag request)
     (! from (list tag request))
     (server))))

(define plugin
  (make-generic-server-plugin
   (lambda () 0)
   (lambda (term from state) (list 'reply term (+ state 1)))
   (lambda (term state) (list 'noreply state))
   (lambda (reason state) (void))))

(define (ask n peer last)
  (if (= n 0) last (ask (- n 1) peer (!? peer n))))

(define (call n peer last)
  (if (= n 0) last (call (- n 1) peer (generic-server-call peer n))))

(define (main n)
  (let ((n (string->number n)) (bare (spawn server)) (generic (generic-server-start plugin)))
    (ask 10000 bare 0)
    (measure "server-bare" 1 n (lambda () (ask n bare 0)))
    (call 10000 generic 0)
    (measure "server-call" 1 n (lambda () (call n generic 0)))))
