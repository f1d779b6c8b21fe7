;; Logging: levels, fields, places, files that rotate, crash reports.
;; expect: debug starting (n 1) #t
;; expect: warning ab ()
;; expect: #t#t#t#f
;; expect: #t
;; expect: 1970-01-01T00:00:00.500Z error - pid x.scm:1:2 two lines key="v"
;; expect: 2026-10-23T20:00:00.250Z error - pid later
;; expect: a process has failed (process worker exception crash)
(define path (string-append (or (get-environment-variable "TMPDIR") "/tmp") "/tt-log-" (number->string (current-jiffy))))
(define collector (self))
(log-start (list (make-log-handler 'debug (lambda (event) (! collector (list 'event (car event) (list-ref event 4) (list-ref event 5) (list-tail event 6)))))
                 (log-to-file 'info path 300 2)))
(log-debug "starting" 'n 1)
(recv (('event level place message fields) (print level " " message " " fields " " (string? place))))
(log-warning (string-append "a" "b"))
(recv (('event level place message fields) (print level " " message " " fields)))
(for-each (lambda (i) (log-info "line" 'i i)) (iota 12))
(log-sync)
(print (file-exists? path) (file-exists? (string-append path ".1")) (file-exists? (string-append path ".2")) (file-exists? (string-append path ".3")))
(print (<= (file-size (string-append path ".1")) 300))
(for-each delete-file (list path (string-append path ".1") (string-append path ".2")))
(print (log-line (list 'error 0.5 (current-node) 'pid "x.scm:1:2" "two\nlines" 'key "v")))
(print (log-line (list 'error 1792785600.25 (current-node) 'pid #f "later")))
(define worker (spawn (lambda () (recv ('go (raise 'crash))))))
(log-crashes worker 'worker)
(thread-sleep! 0)
(! worker 'go)
(let loop ()
  (recv (('event level _ message fields)
         (if (memq level '(error notice)) (print message " " fields) (loop)))))
