;; A process goes to each of the nodes with ten frames of `frob`, and says at home how that went.
(define (frob n node)
  (if (= n 0)
      (begin (migrate node) 0)
      (+ n (frob (- n 1) node))))

(define (failure e) (cons (condition-kind e) (cdr (error-object-irritants e))))

(define (visit node home)
  (let ((result (with-exception-catcher failure (lambda () (frob 10 node)))))
    (migrate home)
    (println result)))

(define (main . ports)
  (let ((home (current-node)))
    (for-each (lambda (port) (visit (make-node "127.0.0.1" (string->number port)) home)) ports)))
