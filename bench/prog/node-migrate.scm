;;; A process walks to another node and back, again and again: as a new process
;;; each time (migrate-task), and with its pid (migrate); the time is that of one
;;; way. Then many processes move to the other node, each once; the time is that
;;; of one of them. Arguments: the other node's host and port, n walks, n processes.
(include "measure.scm")

(define (walk move here there n)
  (if (= n 0)
      n
      (begin
        (move there)
        (move here)
        (walk move here there (- n 1)))))

;; A process walks n times there and back; gives how many walks are missing.
(define (walker move n there)
  (let ((main (self)) (here (current-node)))
    (spawn (lambda () (! main (walk move here there n))))
    (?)))

;; n processes that move when they are told to, and report from there.
(define (spawn-movers move n there)
  (let ((main (self)))
    (map (lambda (i)
           (spawn (lambda ()
                    (recv ('go #t))
                    (move there)
                    (! main i))))
         (iota n))))

(define (sum-of-messages n)
  (let loop ((n n) (sum 0))
    (if (= n 0)
        sum
        (loop (- n 1) (+ sum (?))))))

(define (move-all movers)
  (for-each (lambda (mover) (! mover 'go)) movers)
  (sum-of-messages (length movers)))

(define (main host port walks processes)
  (let ((there (make-node host (string->number port)))
        (walks (string->number walks))
        (processes (string->number processes)))
    (walker migrate-task 10 there)
    (measure "node-task" 1 (* 2 walks) (lambda () (walker migrate-task walks there)))
    (measure "node-migrate" 1 (* 2 walks) (lambda () (walker migrate walks there)))
    (for-each
      (lambda (metric move)
        (let ((movers (spawn-movers move processes there)))
          (measure metric 1 processes (lambda () (move-all movers)))))
      '("node-many-tasks" "node-many-moves")
      (list migrate-task migrate))))
