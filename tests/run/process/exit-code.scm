;; exit runs the `after` thunks and gives its code, though other processes live.
;; expect: after
;; exit: 7
(spawn (lambda () (?)))
(dynamic-wind (lambda () #f) (lambda () (exit 7)) (lambda () (print 'after)))
