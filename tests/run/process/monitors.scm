;; Monitors: one `down` message with the reason; noproc; demonitor.
;; expect: normal
;; expect: (exception oops)
;; expect: killed
;; expect: normal
;; expect: noproc
;; expect: #t
;; expect: none
;; expect: 2
;; expect: (exception why)
(define (reason-of thunk)
  (let* ((p (spawn thunk)) (ref (monitor p)))
    (! p 'go)
    (recv (('down ,ref pid reason) (where (eq? pid p)) reason) (after 5 'nothing))))
(print (reason-of (lambda () (recv ('go 'end)))))
(print (reason-of (lambda () (recv ('go (raise 'oops))))))
(print (let* ((p (spawn (lambda () (recv ('never #f))))) (ref (monitor p)))
         (terminate! p)
         (recv (('down ,ref _ reason) reason))))
(print (reason-of (lambda () (recv ('go (shutdown!))))))
(define dead (spawn (lambda () 'x)))
(wait-for dead)
(print (let ((ref (monitor dead))) (recv (('down ,ref _ reason) reason) (after 5 'nothing))))
(print (not (alive? dead)))
(let* ((p (spawn (lambda () (recv ('go 'end))))) (ref (monitor p)))
  (demonitor ref)
  (! p 'go)
  (print (? 0.05 'none)))
;; two monitors, two messages
(let* ((p (spawn (lambda () (recv ('go 'end))))) (a (monitor p)) (b (monitor p)))
  (! p 'go)
  (recv (('down ,b _ 'normal) (recv (('down ,a _ 'normal) (print 2))))))
(let* ((p (spawn (lambda () (recv ('never #f))))) (ref (monitor p)))
  (exit! p 'why)
  (print (recv (('down ,ref _ reason) reason))))
