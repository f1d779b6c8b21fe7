;; Process groups on one node: joins, leaves, ends of members, watchers.
;; expect: ()
;; expect: 2 (chat)
;; expect: 2
;; expect: hello
;; expect: hello
;; expect: 1 joined, 0 left
;; expect: 1 joined, 0 left
;; expect: left: #t
;; expect: left: #t
;; expect: ()
;; expect: (two) 1
;; expect: ended: #t
;; expect: ()
(define (member-loop)
  (recv (('say from x) (! from (list 'heard x)) (member-loop))
        ((from tag 'sync) (! from (list tag 'ok)) (member-loop))
        ('quit 'done)))
(define a (spawn member-loop))
(define b (spawn member-loop))
(print (group-members 'chat))
(group-watch 'chat)
(group-join 'chat a)
(group-join 'chat b)
(group-join 'chat a)
(print (length (group-members 'chat)) " " (group-list))
(print (group-send 'chat (list 'say (self) 'hello)))
(recv (('heard x) (print x)))
(recv (('heard x) (print x)))
(recv (('group-change 'chat joined left) (print (length joined) " joined, " (length left) " left")))
(recv (('group-change 'chat joined left) (print (length joined) " joined, " (length left) " left")))
(group-leave 'chat b)
(recv (('group-change 'chat joined left) (print "left: " (equal? left (list b)))))
(! a 'quit)
(recv (('group-change 'chat joined left) (print "left: " (equal? left (list a)))))
(print (group-members 'chat))
;; In two groups, out of one: its end is still seen; out of both and in again: once.
(define c (spawn member-loop))
(for-each (lambda (group) (group-join group c)) '(one two))
(group-leave 'one c)
(group-leave 'two c)
(group-join 'two c)
(group-join 'one c)
(group-leave 'one c)
(print (group-list) " " (length (group-members 'two)))
(group-watch 'two)
(! c 'quit)
(recv (('group-change 'two joined left) (print "ended: " (equal? left (list c)))))
(print (group-list))
