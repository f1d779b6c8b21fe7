;; Names of other systems, and of Erlang: what is written here instead. A form is an error, a procedure is not defined.
;; error 12:2 `while` does not exist here
;; note 12:2 loops are `(do ((variable init step) ...) (test result) body ...)`, `(let loop ((variable init) ...) body ...)`, `(for-each procedure list)`
;; error 13:14 `set-box!` does not exist: data and variables are immutable in Termite
;; note 13:14 a box is a process here: `(make-cell value)`, `(cell-ref cell)`, `(cell-set! cell value)`
;; error 14:2 `def` does not exist here
;; note 14:2 a definition is `(define (name parameter ...) body ...)` or `(define name value)`
;; error 15:14 `hash-table-set!` does not exist: data and variables are immutable in Termite
;; note 15:14 `(dict-set! dict key value)` changes a dictionary that a process keeps; `(dict-set dict key value)` gives a new one
;; error 16:2 `vector-set!` does not exist: data and variables are immutable in Termite
;; note 16:2 keep changing state in a process, for example a cell: `make-cell`, `cell-ref`, `cell-set!`
(while (f 1) (print q) (set! x 1))
(define (f) (set-box! 1 2))
(def (g x) (* x y))
(define (h) (hash-table-set! 1 2 3))
(vector-set! 1 2 3)
