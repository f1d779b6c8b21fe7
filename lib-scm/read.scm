;;; read.scm: data from text, in the notation of sources (R7RS 7.1).

;; What is being read: the port; a box with the labels (number . box), each box with its datum once that is there; a box with
;; the places that hold a label's mark meanwhile; a box with whether case is folded.
(define-record-type <reader> (%make-reader port labels patches folds) %reader?
  (port %reader-port) (labels %reader-labels) (patches %reader-patches) (folds %reader-folds))
;; In the place of a datum: `end` of the input, `close`, `dot`.
(define-record-type <read-mark> (%make-read-mark kind) %read-mark? (kind %read-mark-kind))
;; In the place of a datum that is not complete yet.
(define-record-type <read-label> (%make-read-label value) %read-label? (value %read-label-value))
(define (%read-mark-is? x kind) (and (%read-mark? x) (eq? (%read-mark-kind x) kind)))

;; (read [port]): the next datum of the text, as the compiler reads it behind a quote, or the end-of-file object. Labels are
;; known in the whole of the datum; #!fold-case holds for the rest of it. Error: read-error, with line and column where the
;; port has them; not an input port of text; closed-port.
(define read
  (case-lambda
    (() (read (current-input-port)))
    ((port)
     (let* ((reader (%make-reader port (%box '()) (%box '()) (%box #f))) (item (%read-item reader)))
       (cond ((%read-mark-is? item 'end) (eof-object))
             ((%read-mark? item) (%read-error reader (if (eq? (%read-mark-kind item) 'dot) "a dot outside of a list" "nothing is open that `)` could close")))
             (else
              (for-each (lambda (patch) (%set-part! (car patch) (cadr patch) (%unbox (%read-label-value (caddr patch)))))
                        (%unbox (%reader-patches reader)))
              item))))))

(define (%read-error reader message . irritants)
  (%raise-failure (%make-condition 'read-error (string-append "read: " message (%read-place (%reader-port reader))) irritants)))
(define (%read-place port)
  (let ((state (and (%input-port? port) (%unbox (%input-port-state port)))))
    (if state
        (let loop ((i 0) (line 1) (column 1))
          (if (< i (cdr state))
              (if (eqv? (string-ref (car state) i) #\newline) (loop (+ i 1) (+ line 1) 1) (loop (+ i 1) line (+ column 1)))
              (string-append ", at line " (number->string line) ", column " (number->string column))))
        "")))

(define (%read-next reader) (read-char (%reader-port reader)))
(define (%read-peek reader) (peek-char (%reader-port reader)))
(define (%read-delimiter? c)
  (or (eof-object? c) (char-whitespace? c) (char<? c #\space) (memv c '(#\( #\) #\[ #\] #\{ #\} #\" #\| #\; #\' #\` #\, #\delete))))

;; A datum or a mark.
(define (%read-item reader)
  (let ((c (%read-next reader)))
    (cond ((eof-object? c) (%make-read-mark 'end))
          ((char-whitespace? c) (%read-item reader))
          (else
           (case c
             ((#\() (%read-list reader '() "list"))
             ((#\)) (%make-read-mark 'close))
             ((#\;) (begin (read-line (%reader-port reader)) (%read-item reader)))
             ((#\') (%read-prefixed reader 'quote))
             ((#\`) (%read-prefixed reader 'quasiquote))
             ((#\,)
              (if (eqv? (%read-peek reader) #\@)
                  (begin (%read-next reader) (%read-prefixed reader 'unquote-splicing))
                  (%read-prefixed reader 'unquote)))
             ((#\") (%read-quoted reader #\" '()))
             ((#\|) (string->symbol (%read-quoted reader #\| '())))
             ((#\#) (%read-hash reader))
             (else
              (if (%read-delimiter? c)
                  (%read-error reader "unexpected character" c)
                  (%read-word reader (list c)))))))))

;; A datum must come. `what` is read.
(define (%read-datum reader what)
  (let ((item (%read-item reader)))
    (if (%read-mark? item)
        (%read-error reader (string-append (if (eq? (%read-mark-kind item) 'end) "the text ends" "a datum is expected") " in a " what))
        item)))

;; Up to a delimiter, behind the characters that were taken, newest first.
(define (%read-rest reader taken)
  (if (%read-delimiter? (%read-peek reader))
      (list->string (reverse taken))
      (%read-rest reader (cons (%read-next reader) taken))))
(define (%read-word reader taken)
  (let ((word (%read-rest reader taken)))
    (if (string=? word ".") (%make-read-mark 'dot) (%read-atom reader word))))
(define (%read-atom reader word)
  (let ((atom (%word->datum word)))
    (cond ((not (pair? atom)) (%read-error reader "this is no datum" word))
          ((and (%unbox (%reader-folds reader)) (symbol? (car atom))) (string->symbol (string-foldcase word)))
          (else (car atom)))))

;;; ---- lists and vectors -------------------------------------------------

(define (%read-list reader items what)
  (let ((item (%read-item reader)))
    (cond ((%read-mark-is? item 'close) (%read-build reader items '()))
          ((and (%read-mark-is? item 'dot) (pair? items) (string=? what "list"))
           (let* ((tail (%read-datum reader what)) (close (%read-item reader)))
             (if (%read-mark-is? close 'close)
                 (%read-build reader items tail)
                 (%read-error reader "one datum and `)` are expected behind a dot"))))
          ((%read-mark? item)
           (%read-error reader (string-append (if (eq? (%read-mark-kind item) 'end) "the text ends" "unexpected dot") " in a " what)))
          (else (%read-list reader (cons item items) what)))))

;; Pairs of the items, newest first, in front of a tail.
(define (%read-build reader items tail)
  (if (null? items)
      tail
      (let ((pair (cons (car items) tail)))
        (%read-note reader pair 0 (car items))
        (%read-note reader pair 1 tail)
        (%read-build reader (cdr items) pair))))
(define (%read-note reader object index part)
  (if (%read-label? part)
      (%box-set! (%reader-patches reader) (cons (list object index part) (%unbox (%reader-patches reader))))
      (void)))

(define (%read-prefixed reader name) (%read-build reader (list (%read-datum reader "quoted datum") name) '()))

(define (%read-items reader what)
  (let loop ((items '()))
    (let ((item (%read-item reader)))
      (cond ((%read-mark-is? item 'close) (reverse items))
            ((%read-mark? item)
             (%read-error reader (string-append (if (eq? (%read-mark-kind item) 'end) "the text ends" "unexpected dot") " in a " what)))
            (else (loop (cons item items)))))))
(define (%read-vector reader)
  (let* ((items (%read-items reader "vector")) (vector (list->vector items)))
    (let loop ((i 0) (rest items))
      (if (pair? rest)
          (begin
            (%read-note reader vector i (car rest))
            (loop (+ i 1) (cdr rest)))))
    vector))
(define (%read-bytes-datum reader)
  (let ((items (%read-items reader "bytevector")))
    (for-each (lambda (item)
                (if (and (exact-integer? item) (<= 0 item 255)) (void) (%read-error reader "no byte, in a bytevector" item)))
              items)
    (apply bytevector items)))

;;; ---- # -----------------------------------------------------------------

(define (%read-hash reader)
  (let ((c (%read-peek reader)))
    (cond ((eof-object? c) (%read-error reader "this is no datum" "#"))
          ((char<=? #\0 c #\9) (%read-labelled reader 0))
          (else
           (case c
             ((#\() (begin (%read-next reader) (%read-vector reader)))
             ((#\;)
              (begin
                (%read-next reader)
                (%read-datum reader "comment")
                (%read-item reader)))
             ((#\|)
              (begin
                (%read-next reader)
                (%read-skip-block reader 1 #\space)
                (%read-item reader)))
             ((#\\)
              (begin
                (%read-next reader)
                (%read-character reader (%read-next reader))))
             (else (%read-hash-word reader (%read-rest reader '(#\#)))))))))

(define (%read-hash-word reader word)
  (cond ((and (string-ci=? word "#u8") (eqv? (%read-peek reader) #\()) (begin (%read-next reader) (%read-bytes-datum reader)))
        ((member word '("#!fold-case" "#!no-fold-case"))
         (begin
           (%box-set! (%reader-folds reader) (string=? word "#!fold-case"))
           (%read-item reader)))
        (else (%read-atom reader word))))

(define (%read-character reader c)
  (cond ((eof-object? c) (%read-error reader "a character is expected behind `#\\`"))
        ((%read-delimiter? c) c)
        (else
         (let ((word (%read-rest reader (list c #\\ #\#))))
           (%read-atom reader (if (and (%unbox (%reader-folds reader)) (> (string-length word) 3)) (string-foldcase word) word))))))

;; Comments nest. `last` is the character before.
(define (%read-skip-block reader depth last)
  (let ((c (%read-next reader)))
    (cond ((eof-object? c) (%read-error reader "the text ends in a comment"))
          ((and (eqv? last #\|) (eqv? c #\#)) (if (= depth 1) (void) (%read-skip-block reader (- depth 1) #\space)))
          ((and (eqv? last #\#) (eqv? c #\|)) (%read-skip-block reader (+ depth 1) #\space))
          (else (%read-skip-block reader depth c)))))

;; `#12=` and `#12#`.
(define (%read-labelled reader number)
  (let* ((c (%read-next reader)) (label (assv number (%unbox (%reader-labels reader)))))
    (cond ((and (char? c) (char<=? #\0 c #\9) (< number 100000000)) (%read-labelled reader (+ (* 10 number) (digit-value c))))
          ((and (eqv? c #\=) label) (%read-error reader "a label that is defined twice" number))
          ((eqv? c #\=) (%read-define reader number (%make-read-label (%box #f))))
          ((not (eqv? c #\#)) (%read-error reader "a label ends in `=` or `#`" number))
          ((not label) (%read-error reader "a label that is not defined" number))
          ((%unbox (cddr label)) (car (%unbox (cddr label))))
          (else (cadr label)))))
(define (%read-define reader number mark)
  (let ((done (%box #f)))
    (%box-set! (%reader-labels reader) (cons (cons number (cons mark done)) (%unbox (%reader-labels reader))))
    (let ((datum (%read-datum reader "labelled datum")))
      (if (eq? datum mark) (%read-error reader "a label that stands for itself" number) (void))
      (%box-set! (%read-label-value mark) datum)
      (%box-set! done (list datum))
      datum)))

;;; ---- strings and |symbols| ---------------------------------------------

(define (%read-quoted reader end taken)
  (let ((c (%read-next reader)))
    (cond ((eof-object? c) (%read-error reader (if (eqv? end #\") "the text ends in a string" "the text ends in a |symbol|")))
          ((eqv? c end) (list->string (reverse taken)))
          ((eqv? c #\\) (%read-escape reader end taken (%read-next reader)))
          ((eqv? c #\return)
           (begin
             (%read-skip-newline reader)
             (%read-quoted reader end (cons #\newline taken))))
          (else (%read-quoted reader end (cons c taken))))))
(define (%read-skip-newline reader)
  (if (eqv? (%read-peek reader) #\newline) (%read-next reader) (void)))

(define (%read-escape reader end taken c)
  (let ((letter (assv c '((#\a . #\alarm) (#\b . #\backspace) (#\t . #\tab) (#\n . #\newline) (#\r . #\return) (#\" . #\") (#\\ . #\\) (#\| . #\|)))))
    (cond (letter (%read-quoted reader end (cons (cdr letter) taken)))
          ((memv c '(#\x #\X)) (%read-quoted reader end (cons (%read-hexadecimal reader 0 0) taken)))
          ((memv c '(#\space #\tab #\newline #\return))
           (begin
             (%read-continuation reader c)
             (%read-quoted reader end taken)))
          (else (%read-error reader "unknown escape" c)))))
(define (%read-hexadecimal reader value n)
  (let* ((c (%read-next reader)) (digit (and (char? c) (memv (char-foldcase c) (string->list "0123456789abcdef")))))
    (cond ((and digit (< value #x1000000)) (%read-hexadecimal reader (+ (* 16 value) (- 16 (length (memv (char-foldcase c) (string->list "0123456789abcdef"))))) (+ n 1)))
          ((and (eqv? c #\;) (> n 0) (< value #x110000) (not (<= #xd800 value #xdfff))) (integer->char value))
          (else (%read-error reader "bad escape: `\\x` takes the hexadecimal number of a character and a `;`")))))
;; A backslash, blanks, a newline, blanks: nothing.
(define (%read-continuation reader c)
  (cond ((memv c '(#\space #\tab)) (%read-continuation reader (%read-next reader)))
        ((memv c '(#\newline #\return))
         (begin
           (if (eqv? c #\return) (%read-skip-newline reader) (void))
           (%read-skip-blanks reader)))
        (else (%read-error reader "unknown escape" c))))
(define (%read-skip-blanks reader)
  (if (memv (%read-peek reader) '(#\space #\tab))
      (begin
        (%read-next reader)
        (%read-skip-blanks reader))
      (void)))
