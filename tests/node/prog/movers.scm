;; Ten thousand processes move to another node, at once, add something up there from
;; what they took along, come back and report. Arguments: how many, host, port.
(define (mover number node home boss)
  (let ((luggage (iota (modulo number 7) number)))
    (migrate node)
    (let ((sum (apply + luggage)))
      (if (= 0 (modulo number 2)) (migrate home))
      (! boss (list 'sum number sum)))))

(define (start n node home boss)
  (if (> n 0)
      (begin
        (spawn (lambda () (mover n node home boss)))
        (start (- n 1) node home boss))))

(define (collect n total)
  (if (= n 0)
      total
      (recv (('sum _ sum) (collect (- n 1) (+ total sum))))))

(define (expected n)
  (let loop ((n n) (total 0))
    (if (= n 0)
        total
        (loop (- n 1) (+ total (apply + (iota (modulo n 7) n)))))))

(define (main count host port)
  (let ((n (string->number count))
        (node (make-node host (string->number port))))
    (start n node (current-node) (self))
    (print "all came: " (= (collect n 0) (expected n)))
    (print "a message more: " (? 0.1 'none))))
