;; Bytes that are no value.
(define (report thunk)
  (with-exception-catcher
   (lambda (e) (println (condition-kind e) " " (error-object-irritants e)))
   thunk))
(define-record-type point (make-point x y) point? (x point-x) (y point-y))

(report (lambda () (bytevector->object 5)))
;; expect: wrong-type (5)
(report (lambda () (bytevector->object (bytevector))))
;; expect: bad-data (truncated 0)
(report (lambda () (bytevector->object (bytevector 84 84 87 3 0))))
;; expect: bad-data (truncated 0)
(report (lambda () (bytevector->object (bytevector 84 84 88 2 0 128))))
;; expect: bad-data (not a message 0)
;; A file of the time before there were checksums.
(report (lambda () (bytevector->object (bytevector 84 84 87 2 0 128))))
;; expect: bad-data (of version 2 of the format, and this program reads version 3 0)
(report (lambda () (bytevector->object (bytevector 84 84 87 3 88 137 112 94 4 218 27 234 0 128 0))))
;; expect: bad-data (bytes behind the end 14)
(report (lambda () (bytevector->object (bytevector 84 84 87 3 176 110 58 201 36 7 170 38 0 129))))
;; expect: bad-data (damaged: its checksum is another one 0)

;; A message cut short anywhere, or with any bit another, is refused; also a compressed one.
(define message (object->bytevector (list 1 'a 'a "text" 2.5 (vector #t #\x) (make-point 1 2) report (expt 2 100) 1/3 (self))))
(define (attempt bytes) (with-exception-catcher (lambda (e) 'refused) (lambda () (bytevector->object bytes) 'value)))
(println (every (lambda (n) (eq? (attempt (bytevector-copy message 0 n)) 'refused)) (iota (bytevector-length message))))
;; expect: #t
(define (flipped bytes i bit)
  (bytevector-append (bytevector-copy bytes 0 i)
                     (bytevector (bitwise-xor (bytevector-u8-ref bytes i) (arithmetic-shift 1 bit)))
                     (bytevector-copy bytes (+ i 1))))
(define (all-refused? bytes)
  (every (lambda (i) (every (lambda (bit) (eq? (attempt (flipped bytes i bit)) 'refused)) (iota 8)))
         (iota (bytevector-length bytes))))
(println (all-refused? message) (all-refused? (object->bytevector (make-vector 10000 'same))))
;; expect: #t#t
(println (all-refused? (object->bytevector '(balance 1000 "Ann"))))
;; expect: #t

;; Code that the program does not have: the id is named.
(report (lambda () (bytevector->object (bytevector-append (bytevector 84 84 87 3 236 162 168 86 199 123 215 228 0 21 0) (make-bytevector 16 171) (bytevector 1 0 4 102 114 111 98)))))
;; expect: unknown-code (the procedure frob is not there abababababababababababababababab)
(define (caught thunk) (with-exception-catcher (lambda (e) e) thunk))
(println (not-serializable-error? (caught (lambda () (bytevector->object (bytevector 1)))))
         (bad-data-error? (caught (lambda () (bytevector->object (bytevector 1)))))
         (unknown-code-error? (caught (lambda () (bytevector->object (bytevector 1))))))
;; expect: #f#t#f
