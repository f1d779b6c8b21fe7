;;; wire.scm: values as bytes, and the binary files that keep them.

;; (object->bytevector obj): bytes from which bytevector->object makes a value that
;; is `equal?` to `obj`, with the same shared parts and cycles: any object but a
;; port; procedures and continuations too, in a program that has their code.
;; Error: not-serializable, with the object that cannot travel and the way to it.
(define (object->bytevector obj) (%image-steps obj (%object->bytevector obj)))

;; (bytevector->object bytevector): the object. Error: bad-data, unknown-code.
(define (bytevector->object bytes) (%image-steps bytes (%bytevector->object bytes)))

;; (%image-steps from result): what is large is written or read in steps, between which
;; other processes run; `from` stays alive meanwhile.
(define (%image-steps from result)
  (if (eq? result (%unbound)) (%image-steps from (%image-step from)) result))

;; (open-binary-input-file name), (open-binary-output-file name): a port; the output
;; file is made, or emptied. (file-exists? name), (delete-file name). Error:
;; file-error.

;; (read-bytevector k [port]): the next `k` bytes, fewer at the end of the file; the
;; eof object if there are none. Error: not an open binary input port.
(define read-bytevector
  (case-lambda
    ((k) (read-bytevector k (current-input-port)))
    ((k port) (if (%input-port? port) (%read-bytes k port) (%read-bytevector k port)))))

;; (write-bytevector bytevector [port [start [end]]]): write its bytes. Error: not an
;; open binary output port.
(define write-bytevector
  (case-lambda
    ((bytes) (write-bytevector bytes (current-output-port)))
    ((bytes port) (write-bytevector bytes port 0))
    ((bytes port start)
     (write-bytevector bytes port start (if (bytevector? bytes) (bytevector-length bytes) 0)))
    ((bytes port start end)
     (if (%byte-port? port)
         (%collect-bytes 'write-bytevector port (bytevector-copy bytes start end))
         (%write-bytevector bytes port start end)))))

;; (call-with-binary-input-file name f), (call-with-binary-output-file name f): call
;; `f` with a port of the file, and close it after that. Error: file-error.
(define (call-with-binary-input-file name f) (call-with-port (open-binary-input-file name) f))
(define (call-with-binary-output-file name f) (call-with-port (open-binary-output-file name) f))
