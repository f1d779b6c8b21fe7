;; eq?, eqv?, equal?.
;; expect: (#t #t #t #f #f)
;; expect: (#t #t #f #t #f)
;; expect: (#t #t #t #t #f)
;; expect: (#t #t)
;; expect: #t
(print (list (eq? 'a 'a) (eq? '() '()) (eq? #\a #\a) (eq? (list 1) (list 1)) (eq? "a" "b")))
(print (list (eqv? 100000000000000000000 100000000000000000000) (eqv? 1.5 1.5) (eqv? 1 1.0) (eqv? 1/2 1/2) (eqv? "a" "b")))
(print (list (equal? '(1 (2 #(3))) '(1 (2 #(3)))) (equal? "abc" "abc") (equal? 1.5 1.5) (equal? #u8(1) #u8(1)) (equal? 1 1.0)))
(print (list (let ((p (lambda (x) x))) (eqv? p p)) (equal? (make-vector 5 'a) (make-vector 5 'a))))
(print (equal? (iota 100000) (iota 100000)))
