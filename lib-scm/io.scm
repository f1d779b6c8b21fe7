;;; io.scm: output. The console ports are objects of the runtime; a string port
;;; is a record with a box, the list of the strings written so far, newest first.

(define-record-type %string-port (%make-string-port parts) %string-port? (parts %string-port-parts))

;; (port? obj), (output-port? obj), (textual-port? obj), (input-port? obj),
;; (binary-port? obj): kinds of ports. The console ports are textual.
(define (port? obj) (or (%port? obj) (%text-sink? obj) (%input-port? obj) (%byte-port? obj)))
(define (output-port? obj)
  (or (%text-sink? obj)
      (%byte-port? obj)
      (and (%port? obj)
           (if (%file-port? obj) (eqv? (%file-port-kind obj) 2) (not (eq? obj (%port 0)))))))
(define (input-port? obj)
  (or (%input-port? obj)
      (and (%port? obj) (or (eq? obj (%port 0)) (eqv? (%file-port-kind obj) 1)))))
(define (textual-port? obj) (and (port? obj) (not (binary-port? obj))))
(define (binary-port? obj)
  (or (%file-port? obj) (%byte-port? obj) (and (%input-port? obj) (not (%input-port-is-text obj)))))

;; (%text-sink? obj): a port that text goes to piece by piece, as a string.
(define (%text-sink? obj) (or (%string-port? obj) (%text-file? obj)))

;; (current-output-port), (current-error-port), (current-input-port): parameters,
;; at first the console.
(define current-output-port (make-parameter (%port 1)))
(define current-error-port (make-parameter (%port 2)))
(define current-input-port (make-parameter (%port 0)))

;; (%emit port string): write a string on any output port.
(define (%emit port s)
  (cond ((%string-port? port)
         (let ((parts (%string-port-parts port)))
           (%box-set! parts (cons s (%unbox parts)))))
        ((%text-file? port) (write-bytevector (string->utf8 s) (%text-file-port port)))
        (else (%display s port))))

;; (display obj [port]): write `obj` for a reader of text: strings and characters
;; as they are. Error: not an output port.
(define display
  (case-lambda
    ((obj) (%display-on obj (current-output-port)))
    ((obj port) (%display-on obj port))))

(define (%display-on obj port)
  (if (%text-sink? port)
      (%emit port (%object->string obj #f))
      (%display obj port)))

;; (write obj [port]): write `obj` as `read` takes it, with labels where it is
;; circular. (write-shared obj [port]): with labels for all shared parts.
;; (write-simple obj [port]): without labels.
(define write
  (case-lambda
    ((obj) (%write-on obj (current-output-port)))
    ((obj port) (%write-on obj port))))

(define (%write-on obj port)
  (if (%text-sink? port)
      (%emit port (%object->string obj #t))
      (%write obj port)))

(define write-shared
  (case-lambda
    ((obj) (write-shared obj (current-output-port)))
    ((obj port) (if (%text-sink? port) (%write-on obj port) (%write-shared obj port)))))
(define write-simple
  (case-lambda
    ((obj) (write-simple obj (current-output-port)))
    ((obj port) (if (%text-sink? port) (%write-on obj port) (%write-simple obj port)))))

;; (newline [port]): end the line.
(define newline
  (case-lambda
    (() (%emit (current-output-port) "\n"))
    ((port) (if (port? port) (%emit port "\n") (%wrong-type "newline" port)))))

;; (write-char char [port]): write one character. Error: not a character.
(define write-char
  (case-lambda
    ((char) (write-char char (current-output-port)))
    ((char port)
     (if (char? char) (void) (%wrong-type "write-char" char))
     (if (%text-sink? port) (%emit port (%make-string 1 char)) (%write-char char port)))))

;; (write-string string [port [start [end]]]): write its characters. Error: not a
;; string.
(define write-string
  (case-lambda
    ((s) (write-string s (current-output-port)))
    ((s port)
     (if (string? s) (void) (%wrong-type "write-string" s))
     (%emit port s))
    ((s port start) (%emit port (%substring s start (string-length s))))
    ((s port start end) (%emit port (%substring s start end)))))

;; (flush-output-port [port]), (force-output [port]): hand on what is buffered.
(define flush-output-port
  (case-lambda
    (() (flush-output-port (current-output-port)))
    ((port) (if (or (%text-sink? port) (%byte-port? port) (%file-port? port)) (void) (%flush-output port)))))
(define-inline force-output
  (case-lambda
    (() (flush-output-port))
    ((port) (flush-output-port port))))

;; (print obj ...), (println obj ...): display the objects and a newline, as one
;; piece: lines of several processes do not mix.
(define print
  (case-lambda
    ((obj) (%emit (current-output-port) (%string-append2 (%object->string obj #f) "\n")))
    (objs (%emit (current-output-port)
                 (%string-append2 (%string-concatenate (map (lambda (obj) (%object->string obj #f)) objs)) "\n")))))
(define (println . objs) (apply print objs))

;; (pp obj [port]): write `obj` and a newline.
(define pp
  (case-lambda
    ((obj) (pp obj (current-output-port)))
    ((obj port) (%emit port (%string-append2 (%object->string obj #t) "\n")))))

;; (object->string obj): `obj` as write gives it.
(define-inline (object->string obj) (%object->string obj #t))

;; (open-output-string), (get-output-string port): a port that collects, and what
;; it has collected. Error: not such a port.
(define (open-output-string) (%make-string-port (%box '())))
(define (get-output-string port)
  (if (%string-port? port)
      (%string-concatenate (reverse (%unbox (%string-port-parts port))))
      (%wrong-type "get-output-string" port)))

;; (call-with-output-string f): what `f` writes on the port it is called with.
(define (call-with-output-string f)
  (let ((port (open-output-string)))
    (f port)
    (get-output-string port)))

;; (with-output-to-string thunk): what `thunk` writes on the current output port.
(define (with-output-to-string thunk)
  (call-with-output-string
   (lambda (port) (%with-output-port port thunk))))

(define (%with-output-port port thunk)
  (%parameterize (list (cons current-output-port port)) thunk))

;; (call-with-port port f): call `f` with the port, and close that when `f` returns.
;; Result: that of `f`.
(define (call-with-port port f)
  (let ((result (f port)))
    (close-port port)
    result))

;; (close-port port), (close-input-port port), (close-output-port port): close the
;; port of a file; another output port is flushed and stays open.
(define (close-port port)
  (cond ((%file-port? port) (%close-file port))
        ((%input-port? port) (%box-set! (%input-port-state port) #f))
        ((%byte-port? port) (%box-set! (%byte-port-parts port) (cons #f (cdr (%unbox (%byte-port-parts port))))))
        ((%text-file? port) (%close-file (%text-file-port port)))
        ((eq? port (%port 0)) (void))
        (else (flush-output-port port))))
(define (close-input-port port) (close-port port))
(define (close-output-port port) (close-port port))
