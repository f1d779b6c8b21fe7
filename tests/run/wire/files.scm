;; Binary files: enough to keep an image.
(define (kind-of thunk) (with-exception-catcher condition-kind thunk))
(define name "image.bin")
(println (file-exists? name))
;; expect: #f
(define out (open-binary-output-file name))
(println (port? out) (binary-port? out) (output-port? out) (input-port? out) (textual-port? out))
;; expect: #t#t#t#f#f
(define bytes (object->bytevector (iota 100000)))
(write-bytevector bytes out)
(write-bytevector (bytevector 1 2 3 4) out 1 3)
(close-port out)
(close-port out)
(println (kind-of (lambda () (write-bytevector bytes out))) " " (output-port? out))
;; expect: closed-port #t
(define in (open-binary-input-file name))
(println (input-port? in) (equal? (read-bytevector (bytevector-length bytes) in) bytes))
;; expect: #t#t
(println (read-bytevector 0 in) (read-bytevector 10 in) (eof-object? (read-bytevector 10 in)))
;; expect: #u8()#u8(2 3)#t
(println (kind-of (lambda () (write-bytevector bytes in))) " " (kind-of (lambda () (read-bytevector -1 in))))
;; expect: wrong-type out-of-range
(println (kind-of (lambda () (display "text" in))) " " (kind-of (lambda () (read-bytevector 1 (current-output-port)))))
;; expect: wrong-type wrong-type
(close-port in)
(println (equal? (call-with-port (open-binary-input-file name)
                   (lambda (port) (bytevector->object (read-bytevector (bytevector-length bytes) port))))
                 (iota 100000)))
;; expect: #t
(delete-file name)
(println (file-exists? name))
;; expect: #f
(println (kind-of (lambda () (open-binary-input-file name))) " " (kind-of (lambda () (delete-file name))) " "
         (file-error? (with-exception-catcher (lambda (e) e) (lambda () (open-binary-output-file "no/such/folder")))))
;; expect: file-error file-error #t
;; expect: 7 5
;; expect: #f 7
;; expect: #t#t

;; What is appended stands behind what was there; a file that is renamed replaces another.
(define (write-to open name text)
  (let ((port (open name)))
    (write-bytevector (string->utf8 text) port)
    (close-port port)))
(define appended "appended.bin")
(define other "other.bin")
(write-to open-binary-output-file appended "one ")
(write-to open-binary-append-file appended "two")
(write-to open-binary-append-file other "three")
(print (file-size appended) " " (file-size other))
(rename-file appended other)
(print (file-exists? appended) " " (file-size other))
(delete-file other)
(print (with-exception-catcher file-error? (lambda () (rename-file appended other)))
       (with-exception-catcher file-error? (lambda () (file-size appended))))
