;; What is written and read in steps: a guest's answer to `on`, and mail that comes for a guest while it moves. What an end
;; says is never so long. Arguments: host, port, elements of a list.
(define (in-steps) (cdr (assq 'in_steps (node-counters))))

;; How many values each node wrote or read in steps meanwhile.
(define (counting name node thunk)
  (let* ((here (in-steps)) (there (on node in-steps)) (value (thunk)))
    (print name " " value " here " (- (in-steps) here) " there " (- (on node in-steps) there))))

;; Waits for its orders at either node.
(define (walker node home)
  (recv ('go (migrate node) (walker node home))
        ('back (migrate home) (walker node home))
        ((from tag x) (! from (list tag (length x))) (walker node home))))

;; Of an exception: the length of its printed form, or of the list that it is.
(define (size e) (if (error-object? e) (list 'text (string-length (error-object-message e))) (length e)))
(define (failing n) (let ((big (iota n))) (recv ('fail (raise big)))))

;; What a process hears, by monitor and by link, of one that fails; it begins where it is, and goes on to `place`.
(define (hear-of p place)
  (let ((me (self)))
    (spawn
     (lambda ()
       (monitor p)
       (inbound-link p)
       (if place (migrate place) (void))
       (! me 'watching)
       (let* ((first (heard)) (second (heard))) (! me (list 'heard first second)))))
    (recv ('watching (void)))
    (! p 'fail)
    (recv (('heard . sizes) sizes))))
(define (heard)
  (with-exception-catcher size (lambda () (recv (('down _ _ ('exception e)) (size e))))))

(define (main host port n)
  (let* ((node (make-node host (string->number port))) (home (current-node)) (n (string->number n)) (big (iota n))
         (w (spawn (lambda () (walker node home)))))
    (counting "answer" node (lambda () (length (on node (lambda () (iota n))))))
    (counting "guest" node (lambda () (length (on node (lambda () (migrate home) (iota n))))))
    (! w 'go)
    (!? w '())
    (counting "late" node (lambda () (! w 'back) (!? w big)))
    (counting "there" node (lambda () (hear-of (remote-spawn node (lambda () (failing n))) #f)))
    (counting "moved" node (lambda () (hear-of (spawn (lambda () (migrate node) (failing n))) #f)))
    (counting "watcher" node (lambda () (hear-of (spawn (lambda () (failing n))) node)))
    (counting "local" node (lambda () (hear-of (spawn (lambda () (failing n))) #f)))))
