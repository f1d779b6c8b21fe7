(define (mark name seconds)
  (display "mark ")
  (display name)
  (newline)
  (force-output)
  (thread-sleep! seconds))

(define (idle) (thread-receive))

(define (spawn-idle n threads)
  (if (> n 0)
      (spawn-idle (- n 1) (cons (thread-start! (make-thread idle)) threads))
      threads))

(define (main n seconds)
  (let ((n (string->number n)) (seconds (string->number seconds)))
    (mark "before" seconds)
    (let ((threads (spawn-idle n '()))) ; held: Gambit collects threads that nothing can wake
      (mark "after" seconds)
      (thread-send (car threads) 'stop))))
