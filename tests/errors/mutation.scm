(define x 1)
(set! x 2)
;; error 2:2 `set!` does not exist
(vector-set! (vector 1) 0 1)
;; error 4:2 `vector-set!` does not exist
(for-each set-car! '())
;; error 6:11 `set-car!` does not exist
(define (string-set! s) s)
(string-set! "a user's own name is fine")
