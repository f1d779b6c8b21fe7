;; A program's definition of a library name is for the program only.
;; expect: mine
;; expect: (1 2 3)
;; expect: 6
(define (fold . args) 'mine)
(define (list-length x) 0)
(print (fold 1 2 3))
(print (list-sort < '(3 1 2)))
(define (reverse l) '())
(print (apply max (map (lambda (x) (* 2 x)) '(1 2 3))))
