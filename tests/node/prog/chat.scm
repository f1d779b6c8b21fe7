;; A room, and people in it who come from other nodes. Served: the room. Main: host and
;; port of the room, a name, the others' number, and what to say.
(define (room people)
  (recv
    (('join pid name)
     (monitor pid)
     (tell people (list 'joined name))
     (! pid (list 'welcome (length people)))
     (room (cons (cons pid name) people)))
    (('say pid text)
     (let ((who (assoc pid people)))
       (if who (tell people (list 'said (cdr who) text))))
     (room people))
    (('down ref pid reason)
     (let ((who (assoc pid people))
           (rest (filter (lambda (p) (not (equal? (car p) pid))) people)))
       (if who (tell rest (list 'left (cdr who) reason)))
       (room rest)))))

(define (tell people what)
  (for-each (lambda (p) (! (car p) what)) people))

(publish-service 'room (spawn (lambda () (room '()))))

(define (listen)
  (recv
    (message
     (print message)
     (if (not (equal? message '(said "ann" "bye")))
         (listen)))))

(define (main host port name text)
  (let ((room (remote-service 'room (make-node host (string->number port)))))
    (! room (list 'join (self) name))
    (recv (('welcome n) (print "welcome " n)))
    (! room (list 'say (self) text))
    (listen)))
