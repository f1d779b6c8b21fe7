;; Numbers as text, in the source and at run time.
(define (show . xs) (for-each (lambda (x) (write x) (display " ")) xs) (newline))

(show #xff #b-101 #e1.5 #i1/2 1e3 .5 -1.5e-10 +inf.0 -inf.0 +nan.0 123456789012345678901234567890 -4/6)
;; expect: 255 -5 3/2 0.5 1000.0 0.5 -1.5e-10 +inf.0 -inf.0 +nan.0 123456789012345678901234567890 -2/3 
(show (map string->number '("12" "-1/2" "1e2" "#xAB" "abc" "" "-" "1/0" "1e" "--1" "+inf.0" "1_0" ".")))
;; expect: (12 -1/2 100.0 171 #f #f #f #f #f #f +inf.0 #f #f) 
(show (string->number "ff" 16) (string->number "zz" 36) (string->number "12" 2) (string->number "#e1e999999999"))
;; expect: 255 1295 #f #f 
(show (string->number "1e999999999") (string->number "-1e-999999999"))
;; expect: +inf.0 -0.0 
(show 1e21 1e20 123456.789 1e-6 1e-7 5e-324 1.7976931348623157e308)
;; expect: 1e21 100000000000000000000.0 123456.789 0.000001 1e-7 5e-324 1.7976931348623157e308 
;; A flonum in another radix has a point, and reads back; where it has no last digit, it is the exact fraction with #i.
(show (number->string -255.5 16) (number->string 0.1 2) (number->string 0.5 3) (number->string -0.0 8) (string->number "-ff.8" 16) #b-1.1)
;; expect: "-ff.8" "0.0001100110011001100110011001100110011001100110011001101" "#i1/2" "-0.0" -255.5 -1.5 
;; The same text is the same number in a source and for string->number, and is written in the fewest digits.
(show 5.684341886080802e-14 (string->number "5.684341886080802e-14") #i#x-0 (string->number "#i#x-0"))
;; expect: 5.684341886080802e-14 5.684341886080802e-14 -0.0 -0.0 
