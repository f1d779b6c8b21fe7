;; A process counts to ten while it walks back and forth between two nodes. It
;; prints where it is: each number appears on one of the nodes. Then the node
;; where it began asks it how far it came, under the pid that it always had.
(define (pause) (thread-sleep! 0.02))

(define (walk n here there)
  (print n)
  (pause)
  (if (< n 10)
      (begin
        (migrate there)
        (walk (+ n 1) there here))
      (recv
        ((from tag 'count)
         (! from (list tag n))))))

(define (main host port)
  (let* ((here (current-node))
         (there (make-node host (string->number port)))
         (walker (spawn-link (lambda () (walk 1 here there)))))
    (print "it counted to " (!? walker 'count))))
