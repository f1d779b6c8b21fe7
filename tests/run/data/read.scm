;; Data from text: as behind a quote in a source.
;; expect: (a |B c| 1/2 -0.5 "x\ty\n\"" #\space #\A #\λ #t #f #u8(1 255) #(1 #(2)) (1 . 2) (quote x) () #!eof)
;; expect: (1 2)(3)#!eof
;; expect: (abc "ABC" #\space)| |
;; expect: #0=(a #1=(b . #0#) #2=#(#2# c #1#) . #1#)
;; expect: ("ab" "A" "|" "x\ny")
;; expect: (quasiquote (a (unquote b) (unquote-splicing c)))
;; expect: (1 d)
(define (from text) (read (open-input-string text)))
(define (show x) (for-each (lambda (y) (if (pair? y) (begin (display "(") (write (car y)) (for-each (lambda (z) (display " ") (write z)) (cdr y)) (display ")")) (write y))) x) (newline))
(define (plain x) ; without the short forms of quote
  (if (and (pair? x) (list? x)) (string-append "(" (string-join (map plain x) " ") ")") (object->string x)))
(print (plain (from "(a |B c| 1/2 -.5 \"x\\ty\\n\\\"\" #\\space #\\A #\\x3bb #true #f #u8(1 #xff) #(1 #(2)) (1 . 2) 'x () #!eof)")))
(define two (open-input-string "; one\n(1 2) #| #| |# |# #;(x #;y z) (3)"))
(show (let* ((a (read two)) (b (read two))) (list a b (read two))))
(show (list (from "#!fold-case (ABC \"ABC\" #\\SPACE)") '| |))
(write-shared (from "#0=(a #1=(b . #0#) #2=#(#2# c #1#) . #1#)")) (newline)
(write (list (from "\"a\\  \n   b\"") (from "\"\\x41;\"") (from "\"\\|\"") (from "\"x\r\ny\""))) (newline)
(print (plain (from "`(a ,b ,@c)")))
(write (from "(1 #;(2 . 3) d)")) (newline)
;; expect: (unfinished)
(define-syntax failure
  (syntax-rules () ((_ text) (guard (e ((read-error? e) (error-object-message e))) (from text)))))
;; expect: read: the text ends in a list, at line 2, column 3
;; expect: read: nothing is open that `)` could close, at line 1, column 2
;; expect: read: this is no datum, at line 1, column 4
;; expect: read: this is no datum, at line 1, column 3
;; expect: read: the text ends in a string, at line 1, column 4
;; expect: read: a label that stands for itself, at line 1, column 7
;; expect: read: a label that is not defined, at line 1, column 4
;; expect: read: no byte, in a bytevector, at line 1, column 9
;; expect: read: one datum and `)` are expected behind a dot, at line 1, column 9
;; expect: read: unknown escape, at line 1, column 4
;; expect: read: unexpected character, at line 1, column 2
;; expect: read: a dot outside of a list, at line 1, column 2
(print '(unfinished))
(for-each (lambda (text) (print (failure text)))
          '("(a\n b" ")" "1x2" "+i" "\"ab" "#0=#0#" "#1#" "#u8(256)" "(1 . 2 3)" "\"\\q\"" "]" "."))
