;; Tags and pids: unique, comparable, of their own types.
;; expect: (#t #f #f)
;; expect: (#t #f #f)
;; expect: #f
;; expect: #t
;; expect: (#t #t)
;; expect: wrong-type
;; expect: (late dropped)
(define p (spawn (lambda () (?))))
(print (list (pid? p) (pid? 'x) (tag? p)))
(print (list (tag? (make-tag)) (tag? 1) (pid? (make-tag))))
(print (eq? (make-tag) (make-tag)))
(print (let ((t (make-tag))) (and (eq? t t) (equal? t t) (pair? (assq t (list (cons t 1)))))))
(print (list (eq? p p) (not (eq? p (self)))))
(print (catch condition-kind (! 'nobody 'x)))
;; sending to a dead process is not an error
(terminate! p)
(wait-for p)
(! p (quote x))
;; a late reply never matches a later call
(define slow (spawn (lambda () (let loop () (recv ((from tag n) (recv (after 0.03 #f)) (! from (list tag n)))) (loop)))))
(!? slow 'one 0.001 'timeout)
(print (if (eq? (!? slow 'two) 'two) '(late dropped) 'wrong))
