;; Allocation for a while with live data of every kind; nothing is lost.
;; expect: (1000 #t #t #t)
;; timeout: 60
;; memory-mb: 1500
(define (make i) (list i (number->string i) (vector i (* i 1.5)) (lambda () i) (* i 10000000000000000000)))
(define live (map make (iota 1000)))
(define (churn n last) (if (> n 0) (churn (- n 1) (make n)) last))
(churn 300000 #f)
(define (check pred) (every pred live (iota 1000)))
(print (list (length live)
             (check (lambda (x i) (and (= (car x) i) (string=? (cadr x) (number->string i)))))
             (check (lambda (x i) (and (= i ((cadddr x))) (= (vector-ref (caddr x) 1) (* i 1.5)))))
             (check (lambda (x i) (= (* i 10000000000000000000) (list-ref x 4))))))
