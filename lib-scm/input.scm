;;; input.scm: text and bytes out of strings, bytevectors, files and the console; ports
;;; that collect bytes; text files. An input port made here is a record with a box: the content
;;; with the index of what comes next, or #f once it is closed.

(define-record-type <input-port> (%make-input-port is-text state) %input-port?
  (is-text %input-port-is-text) (state %input-port-state))
;; A port that collects bytes: a box with whether it is open, and the bytevectors written so far, newest first.
(define-record-type <byte-port> (%make-byte-port parts) %byte-port? (parts %byte-port-parts))
(define-record-type <text-file> (%make-text-file port) %text-file? (port %text-file-port))

;; (open-input-string string), (open-input-bytevector bytevector): ports that read them.
;; Error: not a string, not a bytevector.
(define (open-input-string s)
  (if (string? s) (%input-port-on s #t) (%wrong-type "open-input-string" s)))
(define (open-input-bytevector bytes)
  (if (bytevector? bytes) (%input-port-on bytes #f) (%wrong-type "open-input-bytevector" bytes)))
(define (%input-port-on content is-text) (%make-input-port is-text (%box (cons content 0))))

;; (open-input-file name): a port that reads the text of a file, which is taken as a whole now.
;; (open-output-file name): a port that writes text to it. Error: file-error; bytes that are not UTF-8.
(define (open-input-file name)
  (let ((file (open-binary-input-file name)))
    (let loop ((parts '()))
      (let ((bytes (%read-bytevector 65536 file)))
        (if (eof-object? bytes)
            (begin (close-port file) (open-input-string (utf8->string (%join-bytes (reverse parts)))))
            (loop (cons bytes parts)))))))
(define (open-output-file name) (%make-text-file (open-binary-output-file name)))

;; (call-with-input-file name f), (call-with-output-file name f): call `f` with such a port, and
;; close it. (with-input-from-file name thunk), (with-output-to-file name thunk): the port is the
;; current one while the thunk runs. Result: that of `f` or the thunk. Error: as opening.
(define (call-with-input-file name f) (call-with-port (open-input-file name) f))
(define (call-with-output-file name f) (call-with-port (open-output-file name) f))
(define (with-input-from-file name thunk)
  (call-with-input-file name (lambda (port) (%parameterize (list (cons current-input-port port)) thunk))))
(define (with-output-to-file name thunk)
  (call-with-output-file name (lambda (port) (%with-output-port port thunk))))

;; Bytevectors one behind the other, in the time of their length.
(define (%join-bytes parts)
  (cond ((null? parts) (bytevector))
        ((null? (cdr parts)) (car parts))
        (else (%join-bytes (%join-pairs parts)))))
(define (%join-pairs parts)
  (if (or (null? parts) (null? (cdr parts)))
      parts
      (cons (bytevector-append (car parts) (cadr parts)) (%join-pairs (cddr parts)))))

;;; ---- what comes next ---------------------------------------------------

;; The content with the index of what comes next, or #f at the end. `is-text`: what `who` reads.
(define (%next who port is-text)
  (cond ((and (%input-port? port) (eq? (%input-port-is-text port) is-text))
         (let ((state (%unbox (%input-port-state port))))
           (cond ((not state) (%closed-port who port))
                 ((< (cdr state) (%content-length (car state))) state)
                 (else #f))))
        ((and is-text (%console-input? port))
         (%check-open who port)
         (%console-next))
        (else (%wrong-type (symbol->string who) port))))
(define (%content-length content) (if (string? content) (string-length content) (bytevector-length content)))
(define (%console-input? port) (eq? port (%port 0)))

(define (%advance port state index)
  (%box-set! (if (%input-port? port) (%input-port-state port) %console-state) (cons (car state) index)))

;; The console: what was read and is not yet used, and the bytes of a character whose other bytes have not come.
(define %console-state (%box (cons "" 0)))
(define %console-bytes (%box (bytevector)))

(define (%console-next)
  (let ((state (%unbox %console-state)))
    (if (< (cdr state) (string-length (car state))) state (%console-more))))

;; Waits for input as for a message: other processes go on.
(define (%console-more)
  (if (%stdin-ready?)
      (let ((bytes (%read-stdin)))
        (if (eof-object? bytes)
            (%console-decode (%unbox %console-bytes) (bytevector-length (%unbox %console-bytes)))
            (let ((all (bytevector-append (%unbox %console-bytes) bytes)))
              (%console-decode all (%whole-characters all)))))
      (begin
        (recv (after 0.01 'ok))
        (%console-next))))

(define (%console-decode bytes end)
  (%box-set! %console-bytes (bytevector-copy bytes end))
  (%box-set! %console-state (cons (utf8->string bytes 0 end) 0))
  (cond ((> end 0) (%unbox %console-state))
        ((= (bytevector-length bytes) 0) #f)
        (else (%console-more))))

;; The length without a character at the end that is not complete.
(define (%whole-characters bytes)
  (let ((end (bytevector-length bytes)))
    (let loop ((k 1))
      (if (or (> k 3) (> k end))
          end
          (let ((byte (bytevector-u8-ref bytes (- end k))))
            (cond ((< byte #x80) end)
                  ((< byte #xc0) (loop (+ k 1)))
                  ((> (cond ((< byte #xe0) 2) ((< byte #xf0) 3) (else 4)) k) (- end k))
                  (else end)))))))

;;; ---- text --------------------------------------------------------------

;; (read-char [port]), (peek-char [port]): the next character, taken or not; the end-of-file
;; object behind the last one. Error: not an input port of text; closed-port.
(define read-char
  (case-lambda
    (() (read-char (current-input-port)))
    ((port)
     (let ((state (%next 'read-char port #t)))
       (if state
           (begin
             (%advance port state (+ (cdr state) 1))
             (string-ref (car state) (cdr state)))
           (eof-object))))))
(define peek-char
  (case-lambda
    (() (peek-char (current-input-port)))
    ((port)
     (let ((state (%next 'peek-char port #t)))
       (if state (string-ref (car state) (cdr state)) (eof-object))))))

;; (char-ready? [port]): whether `read-char` would not wait. Error: as `read-char`.
(define char-ready?
  (case-lambda
    (() (char-ready? (current-input-port)))
    ((port)
     (if (%console-input? port)
         (let ((state (%unbox %console-state)))
           (or (< (cdr state) (string-length (car state))) (%stdin-ready?)))
         (begin
           (%next 'char-ready? port #t)
           #t)))))

;; (read-line [port]): the characters up to the next newline, which is taken, too, or to the end; the end-of-file
;; object if there are none. (read-string k [port]): up to k characters. Error: as `read-char`; no size.
(define read-line
  (case-lambda
    (() (read-line (current-input-port)))
    ((port)
     (let loop ((parts '()))
       (let ((state (%next 'read-line port #t)))
         (if state
             (let* ((s (car state)) (from (cdr state)) (end (string-length s)) (newline (%find-newline s from end)))
               (%advance port state (if (< newline end) (+ newline 1) end))
               (let ((parts (cons (substring s from newline) parts)))
                 (if (< newline end) (%string-concatenate (reverse parts)) (loop parts))))
             (if (null? parts) (eof-object) (%string-concatenate (reverse parts)))))))))
(define (%find-newline s from end)
  (if (or (= from end) (eqv? (string-ref s from) #\newline)) from (%find-newline s (+ from 1) end)))

(define read-string
  (case-lambda
    ((k) (read-string k (current-input-port)))
    ((k port)
     (if (and (exact-integer? k) (>= k 0)) (void) (%wrong-type "read-string" k))
     (let loop ((left k) (parts '()))
       (let ((state (and (> left 0) (%next 'read-string port #t))))
         (if state
             (let* ((s (car state)) (from (cdr state)) (end (min (string-length s) (+ from left))))
               (%advance port state end)
               (loop (- left (- end from)) (cons (substring s from end) parts)))
             (if (and (null? parts) (> k 0)) (eof-object) (%string-concatenate (reverse parts)))))))))

;;; ---- bytes -------------------------------------------------------------

;; (read-u8 [port]), (peek-u8 [port]): the next byte, taken or not; the end-of-file object
;; behind the last one. A file that cannot be read twice, as a pipe, cannot be peeked at. Error: not a binary
;; input port; closed-port; file-error.
(define read-u8
  (case-lambda
    (() (read-u8 (current-input-port)))
    ((port)
     (if (%input-port? port)
         (let ((state (%next 'read-u8 port #f)))
           (if state
               (begin
                 (%advance port state (+ (cdr state) 1))
                 (bytevector-u8-ref (car state) (cdr state)))
               (eof-object)))
         (let ((bytes (%read-bytevector 1 port)))
           (if (eof-object? bytes) bytes (bytevector-u8-ref bytes 0)))))))
(define peek-u8
  (case-lambda
    (() (peek-u8 (current-input-port)))
    ((port)
     (if (%input-port? port)
         (let ((state (%next 'peek-u8 port #f)))
           (if state (bytevector-u8-ref (car state) (cdr state)) (eof-object)))
         (%peek-byte port)))))

;; (u8-ready? [port]): #t: bytes do not have to be waited for. Error: as `peek-u8`.
(define u8-ready?
  (case-lambda
    (() (u8-ready? (current-input-port)))
    ((port)
     (peek-u8 port)
     #t)))

;; (%read-bytes k port): up to k bytes of a port that reads a bytevector.
(define (%read-bytes k port)
  (if (and (exact-integer? k) (>= k 0)) (void) (%wrong-type "read-bytevector" k))
  (let ((state (%next 'read-bytevector port #f)))
    (cond (state
           (let ((end (min (bytevector-length (car state)) (+ (cdr state) k))))
             (%advance port state end)
             (bytevector-copy (car state) (cdr state) end)))
          ((= k 0) (bytevector))
          (else (eof-object)))))

;; (open-output-bytevector), (get-output-bytevector port): a port that collects bytes, and
;; what it has collected. Error: not such a port.
(define (open-output-bytevector) (%make-byte-port (%box '(#t))))
(define (get-output-bytevector port)
  (if (%byte-port? port)
      (%join-bytes (reverse (cdr (%unbox (%byte-port-parts port)))))
      (%wrong-type "get-output-bytevector" port)))
(define (%collect-bytes who port bytes)
  (let ((parts (%unbox (%byte-port-parts port))))
    (if (car parts)
        (%box-set! (%byte-port-parts port) (cons #t (cons bytes (cdr parts))))
        (%closed-port who port))))

;; (write-u8 byte [port]): write one byte. Error: not a byte, not a binary output port.
(define write-u8
  (case-lambda
    ((byte) (write-u8 byte (current-output-port)))
    ((byte port) (write-bytevector (bytevector byte) port))))

;; (features): what `cond-expand` knows, a list of symbols.
(define (features) (%features))

;; (get-environment-variables): all of them, as (name . value).
(define (get-environment-variables)
  (map (lambda (variable)
         (let* ((end (string-length variable)) (at (%find-char variable #\= 0 end)))
           (cons (substring variable 0 at) (if (< at end) (substring variable (+ at 1) end) ""))))
       (%environment)))
(define (%find-char s char from end)
  (if (or (= from end) (eqv? (string-ref s from) char)) from (%find-char s char (+ from 1) end)))
