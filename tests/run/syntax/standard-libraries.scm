;; The standard libraries that are there have all that R7RS and the SRFIs list, less mutation; the others are not there,
;; for `cond-expand` either. `features` is what `cond-expand` knows.
;; expect: (#t #t #t #t #t #t #t #t #t #t #t #t #t #t)
;; expect: (#f #f #f #f #f)
;; expect: (#t #f)
;; expect: 6
(import (scheme base) (scheme case-lambda) (scheme char) (scheme cxr) (scheme file) (scheme inexact) (scheme lazy)
        (scheme process-context) (scheme read) (scheme time) (scheme write) (srfi 1) (srfi 6) (srfi 8) (srfi 9) (srfi 11) (srfi 16) (srfi 23)
        (srfi 39) (srfi 87) (only (termite) print))
(define-syntax there
  (syntax-rules () ((_ name ...) (print (list (cond-expand ((library name) #t) (else #f)) ...)))))
(there (scheme base) (scheme case-lambda) (scheme char) (scheme cxr) (scheme file) (scheme inexact) (scheme lazy)
       (scheme process-context) (scheme read) (scheme time) (scheme write) (srfi 1) (srfi 6) (termite))
(there (scheme complex) (scheme eval) (scheme load) (scheme repl) (scheme r5rs))
(print (list (and (memq 'r7rs (features)) #t) (and (memq 'full-eval (features)) #t)))
(print (call-with-port (open-input-string "123456") (lambda (p) (string-length (read-line p)))))
