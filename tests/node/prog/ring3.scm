;; A ring of processes over any number of nodes: a number goes round and is
;; counted down; each process prints nothing, the first one says when it is done.
;; Arguments: processes, rounds, then host and port of each other node.
(define (nodes-of arguments)
  (if (null? arguments)
      '()
      (cons (make-node (car arguments) (string->number (cadr arguments)))
            (nodes-of (cddr arguments)))))

(define (member-of-ring next)
  (recv
    ((k visited)
     (! next (list (- k 1) (+ visited 1)))
     (if (> k 0) (member-of-ring next)))))

;; The process in front of `next` in the ring, the i-th of them, on a node of its own.
(define (build i next nodes)
  (if (= i 0)
      next
      (build (- i 1)
             (remote-spawn (list-ref nodes (modulo i (length nodes))) (lambda () (member-of-ring next)))
             nodes)))

(define (main processes rounds . others)
  (let* ((nodes (cons (current-node) (nodes-of others)))
         (processes (string->number processes))
         (rounds (string->number rounds))
         (first (build (- processes 1) (self) nodes)))
    (let loop ((k (* processes rounds)) (visited 0))
      (if (> k 0)
          (begin
            (! first (list (- k 1) (+ visited 1)))
            (recv
              ((k visited) (loop k visited))))
          (print "visited " visited)))))
