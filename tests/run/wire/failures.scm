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
(report (lambda () (bytevector->object (bytevector 84 84 88 2 0 128))))
;; expect: bad-data (not a message 0)
(report (lambda () (bytevector->object (bytevector 84 84 87 3 0 128))))
;; expect: bad-data (unknown version 3)
(report (lambda () (bytevector->object (bytevector 84 84 87 2 0 128 0))))
;; expect: bad-data (bytes behind the end 6)

;; A message cut short anywhere, or with any byte another, is an error or a value.
(define message (object->bytevector (list 1 'a 'a "text" 2.5 (vector #t #\x) (make-point 1 2) report (expt 2 100) 1/3 (self))))
(define (attempt bytes) (with-exception-catcher (lambda (e) 'refused) (lambda () (bytevector->object bytes) 'value)))
(println (every (lambda (n) (eq? (attempt (bytevector-copy message 0 n)) 'refused)) (iota (bytevector-length message))))
;; expect: #t
(define (changed i byte)
  (bytevector-append (bytevector-copy message 0 i) (bytevector byte) (bytevector-copy message (+ i 1))))
(println (pair? (every (lambda (i) (every (lambda (byte) (memq (attempt (changed i byte)) '(refused value)))
                                   '(0 1 10 21 22 127 128 255)))
                (iota (bytevector-length message)))))
;; expect: #t

;; Code that the program does not have: the id is named.
(report (lambda () (bytevector->object (bytevector-append (bytevector 84 84 87 2 0 21 0) (make-bytevector 16 171) (bytevector 1 0 4 102 114 111 98)))))
;; expect: unknown-code (the procedure frob is not there abababababababababababababababab)
(define (caught thunk) (with-exception-catcher (lambda (e) e) thunk))
(println (not-serializable-error? (caught (lambda () (bytevector->object (bytevector 1)))))
         (bad-data-error? (caught (lambda () (bytevector->object (bytevector 1)))))
         (unknown-code-error? (caught (lambda () (bytevector->object (bytevector 1))))))
;; expect: #f#t#f
