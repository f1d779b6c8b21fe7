;; display, write, print, newline, write-string, write-char, string ports.
;; expect: a "b" #\c 1.5 (1 . 2)
;; expect: a b c 1.5 (1 . 2)
;; expect: x1(2)
;; expect:
;; expect: hello ell
;; expect: (a"b"c)
;; expect: collected: 1 2
;; expect: redirected
;; expect: (#t #f #t)
;; expect: #!eof
;; expect: shared (1 2 (1 2))
;; expect-error: to standard error
(write 'a) (display " ") (write "b") (display " ") (write #\c) (display " ") (write 1.5) (display " ") (write '(1 . 2)) (newline)
(display "a b ") (display #\c) (display " ") (display 1.5) (display " ") (display '(1 . 2)) (newline)
(print 'x 1 '(2))
(print)
(write-string "hello ") (write-string "hello" (current-output-port) 1 4) (newline)
(print "(" (call-with-output-string (lambda (port) (display "a" port) (write "b" port) (write-char #\c port))) ")")
(define port (open-output-string))
(write 1 port) (write-string " " port) (display 2 port)
(print "collected: " (get-output-string port))
(print (with-output-to-string (lambda () (display "redirected"))))
(display "to standard error" (current-error-port))
(print (list (port? port) (port? 5) (output-port? (current-output-port))))
(write (eof-object)) (newline)
(let ((l '(1 2))) (display "shared ") (write (list 1 2 l)) (newline))
