;; Many senders on several nodes number their messages to one receiver, which moves
;; on to the next node after every few of them. It reports what was lost, doubled or
;; out of order: nothing may be. Arguments: senders per node, messages of each,
;; messages between two moves, then host and port of the other nodes.
(define (nodes-of arguments)
  (if (null? arguments)
      '()
      (cons (make-node (car arguments) (string->number (cadr arguments)))
            (nodes-of (cddr arguments)))))

(define (send-all receiver me n last)
  (if (<= n last)
      (begin
        (! receiver (list 'number me n))
        (if (= 0 (modulo n 50)) (? 0.001 #f))
        (send-all receiver me (+ n 1) last))))

(define (start-senders nodes per-node messages receiver)
  (for-each
    (lambda (node-index)
      (for-each
        (lambda (i)
          (let ((name (+ (* node-index per-node) i)))
            (remote-spawn (list-ref nodes node-index)
              (lambda () (send-all receiver name 1 messages)))))
        (iota per-node)))
    (iota (length nodes))))

;; seen: sender -> its last number; faults: list of (sender last got).
(define (receive-all left between seen faults moves nodes)
  (recv
    (('number sender n)
     (let* ((last (dict-ref seen sender 0))
            (faults (if (= n (+ last 1)) faults (cons (list sender last n) faults)))
            (seen (dict-set seen sender n)))
       (cond
         ((= left 1)
          (list moves faults))
         ((= 0 (modulo left between))
          (migrate (car nodes))
          (receive-all (- left 1) between seen faults (+ moves 1) (append (cdr nodes) (list (car nodes)))))
         (else
          (receive-all (- left 1) between seen faults moves nodes)))))))

(define (main senders messages between . hosts)
  (let* ((here (current-node))
         (others (nodes-of hosts))
         (nodes (cons here others))
         (senders (string->number senders))
         (messages (string->number messages))
         (me (self))
         (total (* senders messages (length nodes)))
         (receiver (spawn
                     (lambda ()
                       (! me (receive-all total (string->number between) (dict) '() 0 (append others (list here))))))))
    (monitor receiver)
    (start-senders nodes senders messages receiver)
    (recv
      ((moves faults)
       (print "moved " moves " times")
       (print "faults " (if (> (length faults) 5) (length faults) faults)))
      (('down ref pid reason)
       (print "the receiver ended: " reason)))
    (recv
      (('down ref pid reason)
       (print "then " reason)))))
