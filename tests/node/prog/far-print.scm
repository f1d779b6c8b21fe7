;; Prints much on the console of another node, where nobody reads; that node still answers.
(define (serve) (recv ((from tag 'port) (! from (list tag (current-output-port)))) ((from tag x) (! from (list tag x)))) (serve))
(publish-service 'serve (spawn serve))
(define text (make-string 10000 #\x))
(define (main host port)
  (let* ((there (remote-service 'serve (make-node host (string->number port)))) (far (!? there 'port)))
    (let loop ((i 0)) (if (< i 1000) (begin (write-string text far) (loop (+ i 1)))))
    (print (!? there 'well 20 'silence))))
