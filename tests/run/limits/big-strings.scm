;; Strings of a million characters.
;; expect: (1000000 1000000 x)
;; expect: 608890
;; expect: (1000000 λ)
;; expect: 100000
;; expect: 301030
;; memory-mb: 3000
;; timeout: 60
;; heavy
(define s (make-string 1000000 #\x))
(print (list (string-length s) (length (string->list s)) (string-ref s 999999)))
(define joined (apply string-append (map number->string (iota 120000))))
(print (string-length joined))
(define greek (string-map (lambda (c) #\λ) s))
(print (list (string-length greek) (string-ref greek 500000)))
(print (length (string-split (string-join (map number->string (iota 100000)) ",") #\,)))
(print (string-length (number->string (expt 2 1000000))))
