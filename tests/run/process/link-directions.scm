;; outbound-link, full-link, spawn-linked-to.
;; expect: (outbound a)
;; expect: (full b)
;; expect: (linked-to c)
;; expect: dead
;; expect: noproc
(define me (self))
(define (report name) (lambda (e) (print (list name e))))
(catch (report 'outbound)
  (spawn (lambda () (outbound-link me) (raise 'a)))
  (? 5 'nothing))
(catch (report 'full)
  (let ((p (spawn (lambda () (recv ('go (raise 'b)))))))
    (full-link p)
    (! p 'go)
    (? 5 'nothing)))
;; the watcher gets the exception of a child that somebody else spawned for it
(let* ((watcher (spawn (lambda () (catch (lambda (e) (! me (list 'linked-to e))) (? 5 'nothing)))))
       (child (spawn-linked-to watcher (lambda () (raise 'c)))))
  (print (? 5 'nothing)))
;; full-link works in the other direction, too
(let ((p (spawn (lambda () (? 5 'nothing)))) (q (spawn (lambda () (recv ((p 'go) (full-link p) (raise 'd)))))))
  (! q (list p 'go))
  (wait-for p)
  (print (if (alive? p) 'alive 'dead)))
;; a link to a dead process says so
(let ((p (spawn (lambda () 'x))))
  (wait-for p)
  (print (car (catch identity (inbound-link p) (? 1 (quote (nothing)))))))
