;; A process goes round some nodes and prints a number at each stop, once. When a move
;; fails it says why, and goes on from where it is. Main waits for its end. If there
;; were ever two of it, a number would appear twice.
;; Arguments: the last number, milliseconds at each stop, then host and port of the nodes.
(define (nodes-of arguments)
  (if (null? arguments)
      '()
      (cons (make-node (car arguments) (string->number (cadr arguments)))
            (nodes-of (cddr arguments)))))

(define (kind-of e)
  (cond ((error-object? e) (condition-kind e))
        ((pair? e) (car e))
        (else e)))

(define (wander n last pause nodes)
  (print n)
  (if (> pause 0) (? pause #f))
  (if (< n last)
      (begin
        (catch
          (lambda (e)
            (print "failed: " (kind-of e)))
          (migrate (car nodes)))
        (wander (+ n 1) last pause (append (cdr nodes) (list (car nodes)))))))

(define (main last ms . hosts)
  (let* ((here (current-node))
         (nodes (append (nodes-of hosts) (list here)))
         (wanderer (spawn
                     (lambda ()
                       (wander 1 (string->number last) (/ (string->number ms) 1000) nodes)))))
    (monitor wanderer)
    (recv
      (('down ref pid reason)
       (print "ended: " (if (pair? reason) (list (car reason) (kind-of (cadr reason))) reason))))
    (? 1 #f)))
