;; A generic server that moves while it is called, and is lost at last with the node
;; where it is. Arguments: host and port of two nodes.
(define counter
  (make-generic-server-plugin
   (lambda () 0)
   (lambda (term from n)
     (match term
       ('where (list 'reply (current-node) n))
       (k (list 'reply (list k (+ n 1)) (+ n 1)))))
   (lambda (node n)
     (migrate node)
     (list 'noreply n))
   (lambda (reason n) (void))))

;; Each answer is that of its own call, whatever was late before it.
(define (ask server k last)
  (if (> k last)
      'in-order
      (match (generic-server-call server k 5)
        ((answered n) (where (and (= answered k) (= n k))) (ask server (+ k 1) last))
        (other (list 'wrong k other)))))

(define (main host-a port-a host-b port-b)
  (let ((server (generic-server-start counter)) (home (current-node))
        (a (make-node host-a (string->number port-a))) (b (make-node host-b (string->number port-b))))
    (print (ask server 1 100))
    (spawn (lambda () (for-each (lambda (node) (generic-server-cast server node) (thread-sleep! 0.02)) (list a b home a b home a b))))
    (print (ask server 101 800))
    (let wait () (if (equal? (generic-server-call server 'where) b) 'there (begin (thread-sleep! 0.02) (wait))))
    (print "ready")
    ;; b is killed now
    (let lost () (if (eq? (generic-server-call server 'where 0.5 'late) 'late) (print "late") (lost)))
    (print (catch (lambda (e) e) (generic-server-call server 'where 0.2)))
    (let ((new (generic-server-start counter)))
      (print (ask new 1 50)))))
