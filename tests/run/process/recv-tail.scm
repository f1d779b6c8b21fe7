;; A server that receives in tail position a million times, with and without
;; `after`: constant space.
;; expect: 1000000
;; expect: 1000000
;; timeout: 60
;; memory-mb: 600
;; heavy
(define (server n)
  (recv
    ('add (server (+ n 1)))
    ((from tag 'get) (! from (list tag n)) (server n))))
(define (server/after n)
  (recv
    ('add (server/after (+ n 1)))
    ((from tag 'get) (! from (list tag n)) (server/after n))
    (after 100 (server/after n))))
(define (drive p)
  (let loop ((i 0))
    (if (< i 1000000)
        (begin
          (! p 'add)
          (if (= 0 (modulo i 1000)) (!? p 'get))
          (loop (+ i 1)))))
  (print (!? p 'get)))
(drive (spawn (lambda () (server 0))))
(drive (spawn (lambda () (server/after 0))))
