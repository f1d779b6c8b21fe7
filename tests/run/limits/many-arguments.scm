;; Calls with many arguments, by apply and directly: as many as a list has.
;; expect: 499999500000
;; expect: 210
;; expect: (1000 999)
;; expect: 3000000
;; expect: 3000000
;; expect: 3000000
;; expect: (7 2999993)
;; expect: 1100000
;; expect: (2 heap-exhausted)
;; expect: 5000
;; args: --termite-max-heap=400M
;; timeout: 30
;; heavy
(print (apply + (iota 1000000)))
(define (twenty a b c d e f g h i j k l m n o p q r s t) (+ a b c d e f g h i j k l m n o p q r s t))
(print (apply twenty (iota 20 1)))
(define (rest-length . xs) (list (length xs) (list-ref xs 999)))
(print (apply rest-length (iota 1000)))
;; Millions, by apply and by values: more than any limit on the way.
(define ones (make-list 3000000 1))
(print (apply + ones))
(print (string-length (apply string-append (make-list 3000000 "a"))))
(print (call-with-values (lambda () (apply values ones)) (lambda xs (length xs))))
(print (apply (lambda (a b c d e f g . rest) (list (+ a b c d e f g) (length rest))) ones))
(print (vector-length (apply vector-append (map vector (make-list 1100000 1)))))
;; What there is no memory for is no other fault, and nothing of it stays.
(print (list (apply (lambda (a b) (+ a b)) '(1 1))
             (let ((many (make-list 16000000 1)))
               (catch condition-kind (apply list 1 many)))))
;; The room that many arguments took is given back, those of a call in between too.
(define (between . xs) (length (apply list xs)))
(print (apply between (make-list 5000 0)))
