;; Timeouts of ?, ?? and recv; without a default the symbol timeout is raised
;; (paper, section 4.4).
;; expect: (raised timeout)
;; expect: (raised timeout)
;; expect: (raised timeout)
;; expect: default
;; expect: default
;; expect: 3
;; expect: late
(define (attempt thunk)
  (with-exception-catcher (lambda (e) (list 'raised e)) thunk))

(print (attempt (lambda () (? 0.01))))
(print (attempt (lambda () (recv (x x) (after 0.01 (raise 'timeout))))))
(print (attempt (lambda () (?? odd? 0))))
(print (? 0 'default))
(! (self) 2)
(print (?? odd? 0.01 'default))
(! (self) 3)
(print (?? odd? 10 'default))
(let ((me (self)))
  (spawn (lambda () (? 0.02 'ok) (! me 'late))))
(print (recv ('late 'late) (after 10 'too-late)))
