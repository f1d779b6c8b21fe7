;;; io.scm: ports and output. A port of the console or of a file is an object of the
;;; runtime; a string port is a record with a box: the list of the strings written so
;;; far, newest first, or, once it is closed, all of them as one string. All output of
;;; text goes through `%put`, so that what is true of one port is true of all.

(define-record-type <string-port> (%make-string-port content) %string-port? (content %string-port-content))

;; Bits of enum port_kind (rt/obj/port.h).
(define-inline (%port-is-input) 1)
(define-inline (%port-is-output) 2)
(define-inline (%port-is-textual) 4)
(define-inline (%port-is-binary) 8)

;; (port? obj), (input-port? obj), (output-port? obj), (textual-port? obj),
;; (binary-port? obj): kinds of ports, open or closed. The console, string ports and text
;; files are textual.
(define (port? obj) (or (%port? obj) (%text-sink? obj) (%input-port? obj) (%byte-port? obj)))
(define (input-port? obj) (or (%input-port? obj) (%port-is? obj (%port-is-input))))
(define (output-port? obj) (or (%text-sink? obj) (%byte-port? obj) (%port-is? obj (%port-is-output))))
(define (textual-port? obj)
  (or (%text-sink? obj)
      (and (%input-port? obj) (%input-port-is-text obj))
      (%port-is? obj (%port-is-textual))))
(define (binary-port? obj)
  (or (%byte-port? obj)
      (and (%input-port? obj) (not (%input-port-is-text obj)))
      (%port-is? obj (%port-is-binary))))

;; (%text-sink? obj): a port that text goes to piece by piece, as a string.
(define (%text-sink? obj) (or (%string-port? obj) (%text-file? obj)))

;; (input-port-open? port), (output-port-open? port): whether it is not closed yet; a port
;; of another node is asked there. Error: not an input port, not an output port; noconnection.
(define (input-port-open? port)
  (if (input-port? port) (%open? port) (%wrong-type "input-port-open?" port)))
(define (output-port-open? port)
  (if (output-port? port) (%open? port) (%wrong-type "output-port-open?" port)))
(define (%open? port)
  (cond ((%string-port? port) (not (string? (%unbox (%string-port-content port)))))
        ((%input-port? port) (if (%unbox (%input-port-state port)) #t #f))
        ((%byte-port? port) (car (%unbox (%byte-port-parts port))))
        ((%text-file? port) (%open? (%text-file-port port)))
        ((%port-node port) => (lambda (node) (on node (lambda () (%open? port)))))
        (else (%port-open? port))))
;; (%check-open who port): an error if it is closed.
(define (%check-open who port) (if (%open? port) (void) (%closed-port who port)))

;; (current-output-port), (current-error-port), (current-input-port): parameters,
;; at first the console.
(define current-output-port (make-parameter (%port 1)))
(define current-error-port (make-parameter (%port 2)))
(define current-input-port (make-parameter (%port 0)))

;; Values of enum print_style (rt/obj/print.h).
(define-inline (%display-style) 0)
(define-inline (%write-style) 1)
(define-inline (%shared-style) 2)
(define-inline (%simple-style) 3)

;; (%put who obj style port): write `obj` on any textual output port, for the procedure
;; of that name, a symbol. Error: not such a port; closed-port.
(define (%put who obj style port)
  (cond ((%string-port? port)
         (let* ((s (%object->string obj style)) (content (%string-port-content port)) (parts (%unbox content)))
           (if (string? parts) (%closed-port who port) (%box-set! content (cons s parts)))))
        ((%text-file? port)
         (%check-open who port)
         (write-bytevector (string->utf8 (%object->string obj style)) (%text-file-port port)))
        ((%write-text who obj style port) (void))
        (else
         (%wait-output port #f) ; nobody reads: only who prints waits
         (%put who obj style port))))
(define (%closed-port who port)
  (%raise-failure
   (%make-condition 'closed-port (%string-append2 (symbol->string who) ": the port is closed") (list port))))

;; (display obj [port]): write `obj` for a reader of text: strings and characters
;; as they are. (write obj [port]): as `read` takes it, with labels where it is
;; circular. (write-shared obj [port]): with labels for all shared parts.
;; (write-simple obj [port]): without labels. Error: not a textual output port; closed-port.
(define display
  (case-lambda
    ((obj) (%put 'display obj (%display-style) (current-output-port)))
    ((obj port) (%put 'display obj (%display-style) port))))
(define write
  (case-lambda
    ((obj) (%put 'write obj (%write-style) (current-output-port)))
    ((obj port) (%put 'write obj (%write-style) port))))
(define write-shared
  (case-lambda
    ((obj) (%put 'write-shared obj (%shared-style) (current-output-port)))
    ((obj port) (%put 'write-shared obj (%shared-style) port))))
(define write-simple
  (case-lambda
    ((obj) (%put 'write-simple obj (%simple-style) (current-output-port)))
    ((obj port) (%put 'write-simple obj (%simple-style) port))))

;; (newline [port]): end the line. Error: as display.
(define newline
  (case-lambda
    (() (newline (current-output-port)))
    ((port) (%put 'newline "\n" (%display-style) port))))

;; (write-char char [port]): write one character. Error: not a character; as display.
(define write-char
  (case-lambda
    ((char) (write-char char (current-output-port)))
    ((char port)
     (if (char? char) (void) (%wrong-type "write-char" char))
     (%put 'write-char char (%display-style) port))))

;; (write-string string [port [start [end]]]): write its characters. Error: not a
;; string, no range of it; as display.
(define write-string
  (case-lambda
    ((s) (write-string s (current-output-port)))
    ((s port)
     (if (string? s) (void) (%wrong-type "write-string" s))
     (%put 'write-string s (%display-style) port))
    ((s port start) (write-string (substring s start) port))
    ((s port start end) (write-string (substring s start end) port))))

;; (flush-output-port [port]), (force-output [port]): hand on what is buffered; what goes to the
;; console is with the operating system then. Error: not an output port; closed-port.
(define flush-output-port
  (case-lambda
    (() (flush-output-port (current-output-port)))
    ((port)
     (if (or (%text-sink? port) (%byte-port? port))
         (%check-open 'flush-output-port port)
         (%flush-up-to #f port)))))
(define (%flush-up-to mark port)
  (let ((left (%flush-output port mark)))
    (if left
        (begin
          (%wait-output port left)
          (%flush-up-to left port))
        (void))))
(define-inline force-output
  (case-lambda
    (() (flush-output-port))
    ((port) (flush-output-port port))))

;; (print obj ...), (println obj ...): display the objects and a newline, as one
;; piece: lines of several processes do not mix. Error: as display.
(define print
  (case-lambda
    ((obj) (%print-line (%object->line obj)))
    (objs
     (%print-line (%string-append2 (%string-concatenate (map (lambda (obj) (%object->string obj (%display-style))) objs)) "\n")))))
(define-inline (%print-line s) (%put 'print s (%display-style) (current-output-port)))
(define (println . objs) (apply print objs))

;; (pp obj [port]): write `obj` and a newline. Error: as display.
(define pp
  (case-lambda
    ((obj) (pp obj (current-output-port)))
    ((obj port) (%put 'pp (%string-append2 (%object->string obj (%write-style)) "\n") (%display-style) port))))

;; (object->string obj): `obj` as write gives it.
(define-inline (object->string obj) (%object->string obj (%write-style)))

;; (open-output-string), (get-output-string port): a port that collects, and what
;; it has collected, also when it is closed. Error: not such a port.
(define (open-output-string) (%make-string-port (%box '())))
(define (get-output-string port)
  (if (%string-port? port)
      (%collected (%unbox (%string-port-content port)))
      (%wrong-type "get-output-string" port)))
(define (%collected parts)
  (if (string? parts) parts (%string-concatenate (reverse parts))))

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

;; (close-port port), (close-input-port port), (close-output-port port): nothing more
;; can be read or written; what was buffered is handed on. A closed port stays as it is. Error:
;; not a port, not an input port, not an output port.
(define (close-port port)
  (cond ((%string-port? port)
         (let ((content (%string-port-content port)))
           (%box-set! content (%collected (%unbox content)))))
        ((%input-port? port) (%box-set! (%input-port-state port) #f))
        ((%byte-port? port)
         (let ((parts (%byte-port-parts port)))
           (%box-set! parts (cons #f (cdr (%unbox parts))))))
        ((%text-file? port) (%close-port (%text-file-port port)))
        (else
         (if (and (output-port? port) (%open? port)) (flush-output-port port) (void))
         (%close-port port))))
(define (close-input-port port)
  (if (input-port? port) (close-port port) (%wrong-type "close-input-port" port)))
(define (close-output-port port)
  (if (output-port? port) (close-port port) (%wrong-type "close-output-port" port)))
