;; Mutation does not exist; the message names the cell.
;; error 7:2 `set!` does not exist
;; error 8:16 `vector-set!` does not exist
;; error 9:9 `hash-table-set!` does not exist
;; error 10:2 `string-set!` does not exist
(define x 1)
(set! x 2)
(define (f v) (vector-set! v 0 1))
(print (hash-table-set! 1 2 3))
(string-set! "abc" 0 #\x)
