;; The reply to a call that was left by an exception, a continuation or a timeout is dropped when it comes, and
;; taken out if it has come; that of a call which is still open, around the one that was left, is not.
;; expect: left
;; expect: (nothing nothing)
;; expect: left
;; expect: nothing
;; expect: escaped
;; expect: nothing
;; expect: (outer 1)
;; expect: nothing
;; expect: (answer again)
;; expect: 60000 late
;; expect: nothing
;; expect: (tag of its own)
;; expect: (left left)
;; expect: nothing
(define me (self))

;; Takes a request, and answers what it has taken when it is told.
(define (start-slow)
  (spawn (lambda ()
           (let loop ((taken '()))
             (recv ((from tag x) (where (pid? from)) (loop (cons (list from tag x) taken)))
                   ('go (for-each (lambda (call) (! (car call) (list (cadr call) (list 'answer (caddr call))))) (reverse taken))
                        (! me 'went)
                        (loop '())))))))
(define slow (start-slow))
(define (answer-now) (! slow 'go) (recv ('went (void))))

;; A linked process ends when the call waits: a handler leaves it.
(define (fail-soon) (spawn-linked-to me (lambda () (thread-sleep! 0.05) (raise 'stop))))
(define (left thunk) (catch (lambda (e) (if (eq? e 'stop) 'left e)) (thunk)))

(fail-soon)
(print (left (lambda () (!? slow 1))))
(answer-now)
(fail-soon)
(left (lambda () (generic-server-call slow 'x #f)))
(answer-now)
(print (list (? 0 'nothing) (? 0 'nothing)))

;; The exception is in the mailbox, and the reply behind it.
(define quick (spawn (lambda () (recv ((from tag x) (spawn-linked-to from (lambda () (raise 'stop))) (yield) (! from (list tag x)))))))
(print (left (lambda () (!? quick 1))))
(thread-sleep! 0.05)
(print (? 0 'nothing))

;; by a continuation
(fail-soon)
(print (call/cc (lambda (k) (with-exception-handler (lambda (e) (k 'escaped)) (lambda () (!? slow 2))))))
(answer-now)
(print (? 0 'nothing))

;; A call in the handler of an exception is left; the one around it goes on.
(define other (start-slow))
(fail-soon)
(spawn (lambda () (thread-sleep! 0.2) (! other 'go)))
(print (with-exception-handler
        (lambda (e) (!? slow 3 0.01 'late) (! slow 'go))
        (lambda () (let ((reply (!? other 1 60))) (list 'outer (cadr reply))))))
(recv ('went (void)))
(recv ('went (void)))
(print (? 0 'nothing))
;; A handler that returns: the call goes on.
(fail-soon)
(spawn (lambda () (thread-sleep! 0.15) (! slow 'go)))
(print (with-exception-handler (lambda (e) 'again) (lambda () (!? slow 'again 60))))
(recv ('went (void)))

;; many, of two processes that call in turns
(define helper
  (spawn (lambda ()
           (let loop () (recv ('call (!? slow 'x 0 'late) (loop)) ('end (! me (list 'helper (? 0 'nothing)))))))))
(define (give-up n) (if (= n 0) 'late (begin (! helper 'call) (!? slow 'x 0 'late) (yield) (give-up (- n 1)))))
(print 60000 " " (give-up 60000))
(answer-now)
(! helper 'end)
(print (recv (('helper x) x)))
;; A message that begins with a tag, but is no reply of a call, stays.
(let ((tag (make-tag)))
  (! (self) (list tag 'of 'its 'own))
  (recv ((t . rest) (where (eq? t tag)) (print (cons 'tag rest)))))
;; what other procedures ask
(define silent (spawn (lambda () (recv ('go (void))))))
(define cell (spawn (lambda () (recv ((from tag 'ref) (recv ('go (! from (list tag 'content)))))))))
(define pool (spawn (lambda () (recv ((from tag _) (recv ('go (! from (list tag '(value 1))))))))))
(fail-soon)
(define first (left (lambda () (cell-ref cell))))
(fail-soon)
(define second (left (lambda () (pmap (lambda (x) x) '(1) pool))))
(! cell 'go)
(! pool 'go)
(thread-sleep! 0.05)
(print (list first second))
(print (? 0 'nothing))
