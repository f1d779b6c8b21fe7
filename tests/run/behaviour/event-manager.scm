;; The event manager: handlers come, go and fail.
;; expect: 15
;; expect: (warning: an event handler has failed #<condition wrong-type car: wrong type of argument (5)>)
;; expect: term exception 15
;; expect: not-found
;; expect: term stopped 1
(define em (event-manager:start))
(define h (make-event-handler (lambda (n) n) (lambda (e s) (if (eq? e 'bad) (car 5) (+ s e))) (lambda (t s) (list 'reply s s)) (lambda (r s) (print "term " (if (pair? r) (car r) r) " " s))))
(event-manager:add-handler em h 10)
(event-manager:notify em 5)
(print (event-manager:call em h 'sum))
(event-manager:sync-notify em 'bad)
(print (event-manager:remove-handler em h))
(event-manager:add-handler em h 1)
(event-manager:stop em)
