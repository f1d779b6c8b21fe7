;; A supervisor keeps a counter alive: when the node where it runs is lost, it starts
;; it again on the next node, from the last count that it has heard.
;; Arguments: host and port of the nodes.
(define (nodes-of arguments)
  (if (null? arguments)
      '()
      (cons (make-node (car arguments) (string->number (cadr arguments)))
            (nodes-of (cddr arguments)))))

(define (counter n supervisor)
  (! supervisor (list 'count n))
  (? 0.05 #f)
  (counter (+ n 1) supervisor))

(define (supervise nodes count)
  (if (null? nodes)
      (print "no node is left")
      (let* ((me (self))
             (pid (remote-spawn-link (car nodes) (lambda () (counter count me)))))
        (print "started at " count)
        (supervise (cdr nodes)
                   (catch (lambda (e) (print "lost: " (if (pair? e) (car e) e)) (highest))
                     (follow count))))))

;; The last count is kept in a process, because an exception forgets what `follow` knew.
(define last-count (make-cell 1))
(define (highest) (+ 1 (cell-ref last-count)))

(define (follow count)
  (recv
    (('count n)
     (cell-set! last-count n)
     (if (= 0 (modulo n 10)) (print n))
     (follow n))))

(define (main . hosts) (supervise (nodes-of hosts) 1))
