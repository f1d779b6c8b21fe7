;; Calls with many arguments, by apply and directly.
;; expect: 499999500000
;; expect: 210
;; expect: (1000 999)
;; timeout: 30
(print (apply + (iota 1000000)))
(define (twenty a b c d e f g h i j k l m n o p q r s t) (+ a b c d e f g h i j k l m n o p q r s t))
(print (apply twenty (iota 20 1)))
(define (rest-length . xs) (list (length xs) (list-ref xs 999)))
(print (apply rest-length (iota 1000)))
