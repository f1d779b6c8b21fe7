;; A wrong number of arguments for a primitive: how it is called.
;; warning 6:1 `car` takes 1 argument but is given 0
;; note 6:1 it is called as (car pair)
;; warning 7:1 `vector-ref` takes 2 arguments but is given 1
;; note 7:1 it is called as (vector-ref vector index)
(car)
(vector-ref (vector 1))
