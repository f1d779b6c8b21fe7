;; Talks to another node over a line that changes or loses bytes: whatever happens is
;; an answer, an exception or a timeout. Arguments: host, port, seconds to wait for each.
(define (attempt what thunk)
  (print what " "
         (catch (lambda (e) (if (error-object? e) (condition-kind e) e))
           (thunk))))

(define (echo)
  (recv
    ((from tag x) (where (pid? from)) (! from (list tag x)) (echo))))

(publish-service 'echo (spawn echo))

(define (main host port seconds)
  (let ((limit (string->number seconds))
        (node (make-node host (string->number port)))
        (data (list 1 "two" 'three 4.5 (vector 6 7) (make-bytevector 2000 1))))
    (attempt "on" (lambda () (length (on node (lambda () data) limit '()))))
    (attempt "spawn" (lambda ()
                       (let ((pid (remote-spawn node echo)))
                         (length (!? pid data limit '())))))
    (attempt "link" (lambda ()
                      (remote-spawn-link node (lambda () (raise 'raised)))
                      (? limit 'nothing)))
    (attempt "service" (lambda () (!? (remote-service 'echo node) 1 limit 'nothing)))
    (print "done")))
