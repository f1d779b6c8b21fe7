;; State machines: states with timeouts, calls, stopping.
;; expect: closes by itself
;; expect: 1
;; expect: door normal closed 1
;; expect: ok
(define (door owner)
  (make-fsm-plugin
   (lambda () '(closed 0))
   (lambda (state event from data)
     (match (list state event)
       (('closed 'open) (list 'next 'open (+ data 1) 0.01))
       (('open 'timeout)
        (print "closes by itself")
        (! owner 'closed)
        (list 'next 'closed data))
       ((_ 'count) (list 'reply data state data))))
   (lambda (reason state data)
     (print "door " reason " " state " " data))))

(define machine (fsm-start (door (self))))
(fsm-send machine 'open)
(recv ('closed 'ok))
(print (fsm-call machine 'count))
(let ((ref (monitor machine)))
  (let ((answer (fsm-stop machine)))
    (recv (('down ,ref _ _) (print answer)))))
