;; A process goes from machine to machine and home again. Wherever it is, it says so there; the number that it
;; carries outgrows the machine's words on the way.
(define (visit n product nodes)
  (println "stop " n ": " product)
  (if (null? nodes)
      'home
      (begin
        (migrate (car nodes))
        (visit (+ n 1) (* product 1000003) (cdr nodes)))))

(define (main . ports)
  (let* ((nodes (map (lambda (port) (make-node "127.0.0.1" (string->number port))) ports))
         (round (append nodes (list (current-node)))))
    (println (visit 1 1 (append round round)))))
