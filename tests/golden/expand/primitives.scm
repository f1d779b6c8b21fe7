;; Operations of any number of arguments become binary; other calls reach the library.
(define (sums a b c) (list (+) (+ a) (+ a b c) (- a) (- a b c) (*) (/ a)))
(define (chains a b c) (list (< a b) (< a b c) (= a)))
(define (values-of) (list car + apply))
(define (quasi x) `(1 ,x ,@x (a . ,x) #(1 ,x) `(b ,(c ,x)) tail 2))
(define (choose x) (case x ((1 2) 'a) (("s" 1.5) => list) (else 'c)))
(define (lazily) (delay (delay-force 1)))
