;; Links: an exception arrives as it was raised, at the next retrieval; messages
;; in front of it win; normal ends disturb nobody; directions; unlink.
;; expect: (got oops)
;; expect: first
;; expect: (then boom)
;; expect: quiet
;; expect: quiet
;; expect: (one-way x)
;; expect: alive
;; expect: (condition divide-by-zero)
;; expect: unlinked
;; expect: (chain deep)
;; expect: resumed
;; expect-error: oops
;; expect-error: divide-by-zero
(define me (self))
(define (catching thunk) (with-exception-catcher (lambda (e) (list 'got e)) thunk))
(print (catching (lambda () (spawn-link (lambda () (raise 'oops))) (? 5 'nothing))))
;; a matching message in front of the exception wins
(catch (lambda (e) (print (list 'then e)))
  (let ((p (spawn-link (lambda () (! me 'first) (raise 'boom)))))
    (wait-for p)
    (print (recv ('first 'first)))
    (? 1 'nothing)))
;; normal ends are silent
(spawn-link (lambda () 'done))
(spawn-link (lambda () (halt!)))
(spawn-link (lambda () (shutdown!)))
(print (? 0.05 'quiet))
;; a plain spawn is not linked
(spawn (lambda () (raise 'unheard)))
(print (? 0.05 'quiet))
;; inbound: its exceptions come to me; mine do not go there
(let ((p (spawn (lambda () (recv ('go (raise 'x)))))))
  (inbound-link p)
  (! p 'go)
  (print (catch (lambda (e) (list 'one-way e)) (? 5 'nothing))))
(let* ((watcher (spawn (lambda () (recv ('stop #f)))))
       (p (spawn (lambda () (inbound-link watcher) (raise 'mine)))))
  (wait-for p)
  (? 0.02 #f)
  (print (if (alive? watcher) 'alive 'dead))
  (! watcher 'stop))
;; a software error travels as a condition
(print (catch (lambda (e) (list 'condition (condition-kind e)))
         (spawn-link (lambda () (/ 1 (length '()))))
         (? 5 'nothing)))
;; unlink
(let ((p (spawn-link (lambda () (recv ('go (raise 'late)))))))
  (unlink p)
  (! p 'go)
  (wait-for p)
  (print (? 0.02 'unlinked)))
;; a chain of links
(print (catch (lambda (e) (list 'chain e))
         (spawn-link (lambda () (spawn-link (lambda () (raise 'deep))) (?)))
         (? 5 'nothing)))
;; a handler that returns resumes the retrieval
(print (with-exception-handler
         (lambda (e) 'ignored)
         (lambda ()
           (let ((p (spawn-link (lambda () (raise 'late)))))
             (wait-for p)
             (! me 'resumed)
             (?)))))
