;; Procedures of other systems, and of Erlang: what is called here instead. A macro-made definition of such a name is good.
;; warning 21:9 `foldl` is not defined
;; note 21:9 here: `(fold (lambda (element state) ...) init list)`; `(fold-left (lambda (state element) ...) init list)`
;; warning 22:9 `1+` is not defined
;; note 22:9 here: `(+ x 1)`
;; warning 22:13 `hash-table-ref` is not defined
;; note 22:13 here: `(dict-ref dict key [default])`
;; warning 23:2 `printf` is not defined
;; note 23:2 here: `(print x ...)` displays its arguments and a newline; `(write x)` and `(display x)` print one value
;; warning 24:2 `spawn_link` is not defined
;; note 24:2 here: `(spawn-link thunk)`
;; warning 25:9 `element` is not defined
;; note 25:9 here: `(list-ref list index)`, `(vector-ref vector index)`; both count from 0
;; warning 25:19 `elements` is not defined
;; note 25:19 when it is reached, it raises an unbound-variable condition
;; warning 26:30 `nodes` is not defined
;; note 26:30 did you mean `node`?
(define-syntax define-while (syntax-rules () ((_) (define (while x) x))))
(define-while)
(print (while 1))
(print (foldl + 0 '(1 2)))
(print (1+ (hash-table-ref 1 2)))
(printf "hi")
(spawn_link (lambda () 1))
(print (element 1 elements))
(define (f node) (print node nodes))
