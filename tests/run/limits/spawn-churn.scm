;; Three million processes, one after the other and in waves: slots and memory are used again.
;; expect: 2000000
;; expect: 1000000
;; memory-mb: 600
;; timeout: 60
;; long
(define me (self))
(print (let loop ((i 0)) (if (< i 2000000) (begin (spawn (lambda () (! me i))) (?) (loop (+ i 1))) i)))
(define (wave n) (let loop ((i 0)) (if (< i n) (begin (spawn (lambda () (! me 'x))) (loop (+ i 1))))))
(define (drain n) (let loop ((i 0)) (if (< i n) (begin (?) (loop (+ i 1))))))
(print (let loop ((i 0)) (if (< i 1000) (begin (wave 1000) (drain 1000) (loop (+ i 1))) (* i 1000))))
