;; The program ends with the main process, whatever others do.
;; expect: end
(define (spin) (spin))
(spawn (lambda () (spin)))
(spawn (lambda () (?)))
(print 'end)
