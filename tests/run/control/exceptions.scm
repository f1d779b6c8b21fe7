;; raise, handlers, catchers, guard.
;; expect: (caught 42)
;; expect: 11
;; expect: (outer (inner 1))
;; expect: non-continuable
;; expect: wrong-type
;; expect: (boom)
;; expect: (symbol a)
;; expect: 44
;; expect: 42
;; expect: (pair 1)
;; expect: => 23
;; expect: (bad (1 2))
;; expect: (#t #f)
;; expect: (out caught)
;; expect: (1 2 3)
;; expect: resumed 7
;; expect: (no clause: other)
;; expect: 3
(print (with-exception-catcher (lambda (e) (list 'caught e)) (lambda () (raise 42) 1)))
(print (with-exception-handler (lambda (e) 10) (lambda () (+ 1 (raise 42)))))
;; a handler runs with the handlers outside it
(print (with-exception-catcher
         (lambda (e) (list 'outer e))
         (lambda ()
           (with-exception-handler
             (lambda (e) (raise (list 'inner e)))
             (lambda () (raise 1))))))
;; a software error cannot be resumed
(print (with-exception-catcher
         condition-kind
         (lambda () (with-exception-handler (lambda (e) 0) (lambda () (+ 1 (car 5)))))))
(print (catch condition-kind (vector-ref '(1) 0)))
;; guard
(print (guard (e (#t (list e))) (raise 'boom)))
(print (guard (e ((symbol? e) (list 'symbol e)) ((pair? e) (list 'pair e))) (raise 'a)))
(print (with-exception-handler
         (lambda (e) 42)
         (lambda () (+ 1 (guard (e ((pair? e) 'no)) (+ 1 (raise-continuable 'x)))))))
(print (guard (e ((assq 'a e) => cdr) ((assq 'b e))) (raise (list (cons 'a 42)))))
(print (guard (e ((string? e) 's) (else (list 'pair (car e)))) (raise '(1 2))))
(print "=> " (guard (e ((assq 'a e) => cdr) ((assq 'b e))) (raise (list (cons 'a 23)))))
;; error objects
(print (guard (e ((error-object? e) (list (error-object-message e) (error-object-irritants e))))
         (error "bad" 1 2)))
(print (list (guard (e (#t (error-object? e))) (error "x")) (guard (e (#t (error-object? e))) (raise 'x))))
;; guard and dynamic-wind
(define log (make-cell '()))
(guard (e (#t (cell-set! log (cons 'caught (cell-ref log)))))
  (dynamic-wind (lambda () #f) (lambda () (raise 'x)) (lambda () (cell-set! log (cons 'out (cell-ref log))))))
(print (reverse (cell-ref log)))
(call-with-values (lambda () (guard (e (#f #f)) (values 1 2 3))) (lambda vals (print vals)))
;; resume after an error raised by `error`
(print "resumed " (with-exception-handler (lambda (e) 6) (lambda () (+ 1 (error "ask")))))
;; no clause matches: raised again, outward
(print (with-exception-catcher
         (lambda (e) (list 'no 'clause: e))
         (lambda () (guard (e ((pair? e) 'pair)) (raise 'other)))))
;; the handler stack is put back after an escape
(print (with-exception-handler
         (lambda (e) 1)
         (lambda ()
           (call/cc (lambda (k) (with-exception-handler (lambda (e) (k 0)) (lambda () (raise 'a)))))
           (+ 2 (raise 'b)))))
