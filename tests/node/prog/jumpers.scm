;; Processes that move among nodes without end, and report with growing numbers; a
;; node is killed meanwhile. In the end each of them has been announced as lost, or
;; answers; none has ever reported a number twice.
;; Arguments: how many, host and port of the other nodes. It ends SECONDS_TO_JUMP
;; seconds after the first of them has been everywhere twice.
(define (nodes-of arguments)
  (if (null? arguments)
      '()
      (cons (make-node (car arguments) (string->number (cadr arguments)))
            (nodes-of (cddr arguments)))))

(define (rotate items) (append (cdr items) (list (car items))))

(define (jump me boss n nodes)
  (with-exception-catcher
    (lambda (exception)
      (! boss (list 'failed (condition-kind exception)))
      (thread-sleep! 0.05))
    (lambda () (migrate (car nodes))))
  (! boss (list 'at me n))
  (if (and (= me 0) (= n 6)) (! boss 'jumping))
  (recv
    (('ask boss) (! boss (list 'alive me)))
    (after 0 (void)))
  (jump me boss (+ n 1) (rotate nodes)))

(define (start i nodes boss)
  (spawn (lambda () (jump i boss 1 nodes))))

;; seen: number -> last report; lost: number -> reason
(define (watch refs seen lost failed doubled)
  (recv
    (('at i n)
     (let ((last (dict-ref seen i 0)))
       (watch refs (dict-set seen i n) lost failed (if (> n last) doubled (+ doubled 1)))))
    ('jumping
     (print "jumping")
     (let ((boss (self)))
       (spawn (lambda () (recv (after (string->number (or (get-environment-variable "SECONDS_TO_JUMP") "3")) (! boss 'stop))))))
     (watch refs seen lost failed doubled))
    (('failed kind) (watch refs seen lost (+ failed 1) doubled))
    (('down ref _ reason)
     (watch refs seen (dict-set lost (dict-ref refs ref #f) reason) failed doubled))
    ('stop (list seen lost failed doubled))))

;; Asks all; whoever is in doubt is announced after half a minute.
(define (settle refs waiting lost deadline)
  (if (= 0 (dict-length waiting))
      (list lost '())
      (recv
        (('alive i) (settle refs (dict-delete waiting i) lost deadline))
        (('down ref _ reason)
         (let ((i (dict-ref refs ref #f)))
           (settle refs (dict-delete waiting i) (dict-set lost i reason) deadline)))
        (after (max 0 (- deadline (current-second)))
          (list lost (map car (dict->list waiting)))))))

(define (main count . hosts)
  (let* ((nodes (append (nodes-of hosts) (list (current-node))))
         (me (self))
         (numbers (iota (string->number count)))
         (pids (begin
                 (for-each ping nodes)
                 (map (lambda (i) (start i (if (odd? i) nodes (rotate nodes)) me)) numbers)))
         (refs (let loop ((pids pids) (i 0) (refs (dict)))
                 (if (null? pids)
                     refs
                     (loop (cdr pids) (+ i 1) (dict-set refs (monitor (car pids)) i))))))
    (let* ((result (watch refs (dict) (dict) 0 0))
           (waiting (let loop ((pids pids) (i 0) (waiting (dict)))
                      (cond ((null? pids) waiting)
                            ((dict-ref (cadr result) i #f) (loop (cdr pids) (+ i 1) waiting))
                            (else (! (car pids) (list 'ask me)) (loop (cdr pids) (+ i 1) (dict-set waiting i #t))))))
           (settled (settle refs waiting (cadr result) (+ (current-second) 120)))
           (reasons (map cdr (dict->list (car settled))))
           (count-of (lambda (reason) (length (filter (lambda (r) (eq? r reason)) reasons)))))
      (print "failed moves " (caddr result) ", lost " (length reasons)
             ": " (count-of 'noconnection) " noconnection, " (count-of 'migration-in-doubt) " in doubt")
      (print "doubled " (cadddr result) ", silent " (cadr settled)))))
