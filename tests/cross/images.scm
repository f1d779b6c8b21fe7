;; Values as bytes, one line of hexadecimal digits for each: the same on every machine.
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define setting (make-parameter 7))
(define saved #f)

(define (hex bytes)
  (define digits "0123456789abcdef")
  (let loop ((i (- (bytevector-length bytes) 1)) (chars '()))
    (if (< i 0)
        (list->string chars)
        (let ((byte (bytevector-u8-ref bytes i)))
          (loop (- i 1) (cons (string-ref digits (quotient byte 16))
                              (cons (string-ref digits (remainder byte 16)) chars)))))))

(define (show value) (print (hex (object->bytevector value))))

(define (adder a b) (lambda (x) (+ a b x)))

(define (captured n)
  (if (= n 0)
      (call/cc (lambda (k) (show k) 0))
      (+ n (captured (- n 1)))))

(define cycle (list 1 2 3))
(define (many a b c d e f g h . rest) (lambda () (list a b c d e f g h rest)))

(define (main . args)
  (for-each show
    (list 0 1 -1 (expt 2 28) (- (expt 2 28)) (expt 2 29) (- (expt 2 29)) (expt 2 30) (- (expt 2 31)) (expt 2 32)
          (expt 2 59) (expt 2 60) (- (expt 2 60)) (- -1 (expt 2 60)) (expt 2 61) (expt 2 64) (expt 7 300)
          (/ (expt 7 300) -3) 0.0 -0.0 1.5 -1e300 (/ 1. 0.) "" "grüße \x1F600;" 'name #\x #\x1F600 #t '()
          (vector 1 2 (list 3 4) "five") (bytevector 1 2 255) (make-point 1 (make-point 2.5 'z))
          (adder 1 (expt 3 100)) car captured (many 1 2 3 4 5 6 7 8 9 10) (make-string 1000 #\a)))
  (parameterize ((setting 9))
    (dynamic-wind (lambda () #f) (lambda () (captured 5)) (lambda () #f)))
  (print (captured 300)))
