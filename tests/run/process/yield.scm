;; yield lets the others run.
;; expect: (b a)
(define me (self))
(define (note x) (! me x))
(spawn (lambda () (note 'b)))
(let loop ((i 0)) (if (< i 3) (begin (yield) (loop (+ i 1)))))
(note 'a)
(print (let* ((x (?)) (y (?))) (list x y)))
