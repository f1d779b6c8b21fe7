;;; Memory of n processes that wait for a message: the harness looks at the size of
;;; the OS process at each line `mark name`. Arguments: n, seconds to wait at a mark.

(define (mark name seconds)
  (display "mark ")
  (display name)
  (newline)
  (recv (after seconds 'ok)))

(define (idle)
  (recv ('stop 'stopped)))

(define (spawn-idle n)
  (if (> n 0)
      (begin
        (spawn idle)
        (spawn-idle (- n 1)))))

(define (main n seconds)
  (let ((n (string->number n)) (seconds (string->number seconds)))
    (mark "before" seconds)
    (spawn-idle n)
    (mark "after" seconds)))
