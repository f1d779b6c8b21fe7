;; A hundred million messages through a server, with and without `after`: the memory stays flat.
;; expect: 100000000
;; expect: 100000000
;; memory-mb: 100
;; timeout: 120
;; long
(define n 100000000)
(define (server k) (recv ('add (server (+ k 1))) ((from tag 'get) (! from (list tag k)) (server k))))
(define (server/after k)
  (recv ('add (server/after (+ k 1))) ((from tag 'get) (! from (list tag k)) (server/after k)) (after 60 (server/after k))))
(define (drive p)
  (let loop ((i 1))
    (if (<= i n)
        (begin
          (! p 'add)
          (if (= 0 (remainder i 1000)) (!? p 'get))
          (loop (+ i 1)))))
  (print (!? p 'get))
  (terminate! p))
(drive (spawn (lambda () (server 0))))
(drive (spawn (lambda () (server/after 0))))
