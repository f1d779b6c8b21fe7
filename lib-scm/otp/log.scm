;;; log.scm: messages to the operator: levels, fields, where they come from;
;;; handlers that write them somewhere.
;;;
;;; Each node has one logger, a process published as `logger`, which is started
;;; when it is needed. It gets (%log event) and (from tag (%log-request request)), and
;;; hands each event to all handlers whose level it reaches. An event is a list
;;; (level time node pid place message . fields), time in seconds since 1970.

;; From the least to the most important.
(define %log-levels '(debug info notice warning error critical))
(define (%log-rank who level)
  (let loop ((rank 0) (levels %log-levels))
    (cond ((null? levels) (%wrong-type who level))
          ((eq? level (car levels)) rank)
          (else (loop (+ rank 1) (cdr levels))))))

;; (log-debug message key value ...), (log-info ...), (log-notice ...), (log-warning
;; ...), (log-error ...), (log-critical ...): log a message, any object that is
;; displayed, with fields; the place is that of `message` in the source.
(define-syntax log-debug
  (syntax-rules () ((_ message field ...) (log-event 'debug (source-location message) message field ...))))
(define-syntax log-info
  (syntax-rules () ((_ message field ...) (log-event 'info (source-location message) message field ...))))
(define-syntax log-notice
  (syntax-rules () ((_ message field ...) (log-event 'notice (source-location message) message field ...))))
(define-syntax log-warning
  (syntax-rules () ((_ message field ...) (log-event 'warning (source-location message) message field ...))))
(define-syntax log-error
  (syntax-rules () ((_ message field ...) (log-event 'error (source-location message) message field ...))))
(define-syntax log-critical
  (syntax-rules () ((_ message field ...) (log-event 'critical (source-location message) message field ...))))

;; (log-event level place message key value ...): what these stand for; `place` is a
;; string or #f. Error: not a level; a key without a value.
(define (log-event level place message . fields)
  (%log-rank "log-event" level)
  (if (or (not place) (string? place)) (void) (%wrong-type "log-event" place))
  (if (even? (length fields)) (void) (error "log-event: a key without a value" (last fields)))
  (! (%logger) (list '%log (cons* level (current-second) (current-node) (self) place message fields))))

;;; ---- the logger -------------------------------------------------------

;; (make-log-handler level write [close]): what a logger does with events of that
;; level or a higher one: (write event). When the handler is taken out: (close). Error:
;; not a level, not a procedure.
(define-record-type log-handler
  (%make-log-handler rank write close) log-handler?
  (rank %log-handler-rank) (write %log-handler-write) (close %log-handler-close))
(define make-log-handler
  (case-lambda
    ((level write) (make-log-handler level write void))
    ((level write close)
     (%check-procedures "make-log-handler" (list write close))
     (%make-log-handler (%log-rank "make-log-handler" level) write close))))

(define (%logger)
  (%own-service-of 'logger
                   (lambda ()
                     (%accept-shutdown #t) ; who ends before may have something to log
                     (%log-loop (list (log-to-stderr 'info))))))

;; (log-start handlers): from now on the logger of this node has these handlers, a list;
;; the former ones are closed. Its pid. Without it there is one handler, for info and
;; above on standard error. Error: not a list of handlers.
(define (log-start handlers)
  (%check-list "log-start" handlers)
  (for-each (lambda (obj) (if (log-handler? obj) (void) (%wrong-type "log-start" obj))) handlers)
  (let ((logger (%logger)))
    (%ask-living "log-start" logger (list '%log-request (list 'handlers handlers)))
    logger))

(define (%log-loop handlers)
  (recv
    (('%log event)
     (%log-loop (%log-write handlers event)))
    ((from tag ('%log-request ('handlers new)))
     (for-each %log-close handlers)
     (! from (list tag 'ok))
     (%log-loop new))
    ((from tag ('%log-request 'sync))
     (! from (list tag 'ok))
     (%log-loop handlers))
    ('shutdown (for-each %log-close handlers))))

;; The handlers that go on: one that fails is taken out, and that is said on standard error.
(define (%log-write handlers event)
  (let ((rank (%log-rank "log-event" (car event))))
    (filter
     (lambda (handler)
       (or (< rank (%log-handler-rank handler))
           (with-exception-catcher
            (lambda (exception)
              (display (string-append "a log handler has failed: " (object->string exception) "\n") (current-error-port))
              (%log-close handler)
              #f)
            (lambda () ((%log-handler-write handler) event) #t))))
     handlers)))

(define (%log-close handler)
  (with-exception-catcher void (lambda () ((%log-handler-close handler)))))

;; (log-sync): wait until all that this process has logged is written.
(define (log-sync) (!? (%logger) '(%log-request sync) 5 'late))

;;; ---- lines ------------------------------------------------------------

;; (log-line event): an event as one line of text, without a newline:
;; 2026-11-22T20:00:00.123Z warning host:port 1.0 app.scm:3:7 message key=value ...
(define (log-line event)
  (if (and (list? event) (>= (length event) 6)) (void) (%wrong-type "log-line" event))
  (let ((level (car event)) (time (cadr event)) (node (caddr event)) (pid (cadddr event))
        (place (list-ref event 4)) (message (list-ref event 5)) (fields (list-tail event 6)))
    (%one-line
     (string-append
      (%timestamp time) " " (symbol->string level) " "
      (%node-text node) " " (%object->string pid (%display-style)) " "
      (if place (string-append place " ") "")
      (%object->string message (%display-style))
      (%fields-text fields)))))

(define (%fields-text fields)
  (if (null? fields)
      ""
      (string-append " " (%object->string (car fields) (%display-style)) "=" (object->string (cadr fields))
                     (%fields-text (cddr fields)))))

(define (%node-text node)
  (if (= (node-port node) 0) ; it listens nowhere
      "-"
      (string-append (node-host node) ":" (number->string (node-port node)))))

(define (%one-line text)
  (list->string (map (lambda (c) (if (char=? c #\newline) #\space c)) (string->list text))))

;; Seconds since 1970 as ISO 8601, UTC. Days to a date after H. Hinnant,
;; chrono-compatible low-level date algorithms.
(define (%timestamp seconds)
  (let* ((ms (exact (floor (* 1000 seconds))))
         (s (quotient ms 1000)) (days (floor-quotient s 86400)) (rest (- s (* 86400 days)))
         (z (+ days 719468)) (era (floor-quotient z 146097)) (doe (- z (* era 146097)))
         (yoe (quotient (- doe (quotient doe 1460) (- (quotient doe 36524)) (quotient doe 146096)) 365))
         (doy (- doe (- (+ (* 365 yoe) (quotient yoe 4)) (quotient yoe 100))))
         (mp (quotient (+ (* 5 doy) 2) 153))
         (day (+ 1 (- doy (quotient (+ (* 153 mp) 2) 5))))
         (month (if (< mp 10) (+ mp 3) (- mp 9)))
         (year (+ yoe (* 400 era) (if (<= month 2) 1 0))))
    (string-append (%padded year 4) "-" (%padded month 2) "-" (%padded day 2) "T"
                   (%padded (quotient rest 3600) 2) ":" (%padded (modulo (quotient rest 60) 60) 2) ":"
                   (%padded (modulo rest 60) 2) "." (%padded (modulo ms 1000) 3) "Z")))
(define (%padded n width)
  (let ((text (number->string n)))
    (string-append (make-string (max 0 (- width (string-length text))) #\0) text)))

;;; ---- handlers ---------------------------------------------------------

;; (log-to-stderr level): lines on standard error.
(define (log-to-stderr level)
  (%log-rank "log-to-stderr" level)
  (make-log-handler level
                    (lambda (event) (display (string-append (log-line event) "\n") (current-error-port)))))

;; (log-to-file level path [max-bytes [keep]]): lines at the end of a file. Before it
;; would be longer than `max-bytes` (16 MiB) it is renamed to path.1, that to path.2 and
;; so on; `keep` (5) old files are kept. Error: file-error; not a level, a text, a count. A
;; line that cannot be written is a failure of the handler.
(define log-to-file
  (case-lambda
    ((level path) (log-to-file level path 16777216 5))
    ((level path max-bytes) (log-to-file level path max-bytes 5))
    ((level path max-bytes keep)
     (%log-rank "log-to-file" level)
     (if (string? path) (void) (%wrong-type "log-to-file" path))
     (%check-count "log-to-file" max-bytes 0)
     (%check-count "log-to-file" keep 0)
     (let ((file (%log-file path max-bytes keep)))
       (make-log-handler level
                         (lambda (event)
                           (%ask-living "log-to-file" file (string->utf8 (string-append (log-line event) "\n"))))
                         (lambda ()
                           (let ((ref (monitor file)))
                             (! file 'close)
                             (recv (('down ,ref _ _) (void))))))))))

;; A process that has the file open. The answer to a line is ok; a failure ends it.
(define (%log-file path max-bytes keep)
  (let ((port (open-binary-append-file path)))
    (spawn
     (lambda ()
       (let loop ((port port) (size (file-size path)))
         (recv
           ((from tag line)
            (let* ((full (and (> size 0) (> (+ size (bytevector-length line)) max-bytes)))
                   (port (if full (%rotated port path keep) port)))
              (write-bytevector line port)
              (! from (list tag 'ok))
              (loop port (+ (if full 0 size) (bytevector-length line)))))
           ('close (close-port port))))))))

(define (%rotated port path keep)
  (close-port port)
  (let ((old (lambda (n) (if (= n 0) path (string-append path "." (number->string n))))))
    (let loop ((n keep))
      (cond ((= n 0) (void))
            (else
             (if (file-exists? (old (- n 1))) (rename-file (old (- n 1)) (old n)) (void))
             (loop (- n 1)))))
    (if (and (= keep 0) (file-exists? path)) (delete-file path) (void)))
  (open-binary-append-file path))

;;; ---- crash reports ----------------------------------------------------

;; (log-crashes pid [name]): an event of level error when the process `pid` ends by an
;; exception, and of level notice when it is killed or its node is lost. The pid of the
;; process that watches it. Error: no pid.
(define log-crashes
  (case-lambda
    ((pid) (log-crashes pid pid))
    ((pid name)
     (%check-pid "log-crashes" pid)
     (let ((watcher (spawn
                     (lambda ()
                       (let ((ref (monitor pid)))
                         (recv ((from tag 'watch) (! from (list tag #t))))
                         (recv (('down ,ref _ reason) (%log-end name reason))))))))
       (%ask-living "log-crashes" watcher 'watch)
       watcher))))

(define (%log-end name reason)
  (match reason
    ('normal (void))
    (('exception exception)
     (log-event 'error #f "a process has failed" 'process name 'exception exception))
    (reason
     (log-event 'notice #f "a process has ended" 'process name 'reason reason))))
