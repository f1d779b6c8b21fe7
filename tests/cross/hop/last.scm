;;; last.scm: behind the library of programs that hop.

;; (end . nodes): the nodes of the round, and the second after which only one in fifty receives hops, so that programs
;; of a hundred thousand messages end. Processes inherit it.
(define %hop-stops (make-parameter '(0)))

(define (%next-stop here stops first)
  (cond ((null? stops) first)
        ((not (equal? (car stops) here)) (%next-stop here (cdr stops) first))
        ((null? (cdr stops)) first)
        (else (cadr stops))))

;; Out of the way of what the next node prints.
(define (%hop)
  (let ((end (car (%hop-stops))) (stops (cdr (%hop-stops))))
    (if (and (pair? stops) (or (< (current-second) end) (= (random-integer 50) 0)))
        (begin
          (flush-output-port)
          (migrate (%next-stop (current-node) stops (car stops))))
        (void))))

;; (with-hops thunk): call it; all processes that are begun by it hop at each of their receives, over the nodes at the
;; ports of 127.0.0.1 that TT_HOP_PORTS has, and this one; for TT_HOP_SECONDS, then at some.
(define (with-hops thunk)
  (let ((nodes (map (lambda (port) (make-node "127.0.0.1" (string->number port)))
                    (%words (string->list (get-environment-variable "TT_HOP_PORTS")) '() '())))
        (seconds (string->number (get-environment-variable "TT_HOP_SECONDS"))))
    (parameterize ((%hop-stops (cons (+ (current-second) seconds) (append nodes (list (current-node)))))) (thunk))))

(define (%words chars word words)
  (let ((more (if (null? word) words (cons (list->string (reverse word)) words))))
    (cond ((null? chars) (reverse more))
          ((char=? (car chars) #\space) (%words (cdr chars) '() more))
          (else (%words (cdr chars) (cons (car chars) word) words)))))
