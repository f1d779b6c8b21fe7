;; A library procedure that gets a known procedure becomes a loop that runs it.
(define (print-all items to)
  (for-each (lambda (item) (! to item)) items))
(! (self) print-all)
