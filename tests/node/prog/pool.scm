;; A pool of workers over several nodes. The master gives each idle worker a piece of
;; the work, a thunk; when the node of a worker is lost, its piece goes to another.
;; The work: the sum of the squares of 1 to n. Arguments: n, milliseconds that a piece
;; takes, then host and port of the nodes.
(define (nodes-of arguments)
  (if (null? arguments)
      '()
      (cons (make-node (car arguments) (string->number (cadr arguments)))
            (nodes-of (cddr arguments)))))

(define (worker master)
  (! master (list 'idle (self)))
  (recv
    (('work id thunk)
     (! master (list 'done (self) id (thunk)))
     (worker master))))

(define (start-worker node)
  (let* ((master (self))
         (pid (remote-spawn node (lambda () (worker master)))))
    (monitor pid)
    pid))

(define (square-after pause n)
  (lambda ()
    (? pause #f)
    (* n n)))

;; running: list of (worker . n); todo: list of n.
(define (master todo running sum pause)
  (if (and (null? todo) (null? running))
      sum
      (recv
        (('idle worker) (where (pair? todo))
         (! worker (list 'work (car todo) (square-after pause (car todo))))
         (master (cdr todo) (cons (cons worker (car todo)) running) sum pause))
        (('done worker n result)
         (if (= sum 0) (print "working"))
         (master todo (without running worker) (+ sum result) pause))
        (('down ref pid reason)
         (let ((lost (assoc pid running)))
           (print "lost a worker: " reason)
           (master (if lost (cons (cdr lost) todo) todo) (without running pid) sum pause))))))

(define (without running worker)
  (filter (lambda (entry) (not (eq? (car entry) worker))) running))

(define (main n ms . hosts)
  (let ((n (string->number n)))
    (for-each start-worker (nodes-of hosts))
    (print "sum " (master (iota n 1) '() 0 (/ (string->number ms) 1000)))))
