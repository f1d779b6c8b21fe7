(let loop () (loop)) (define (f) (g)) (define (g) (f)) (f) (do () (#f)) (let l ((i 0)) (if (< i 10) (l (+ i 1)) (l 0)))
