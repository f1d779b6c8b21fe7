;;; A server loop that handles n messages, with or without an `after`: its memory
;;; must not grow. Marks as in idle.scm. Arguments: n, with-after or plain.

(define (mark name)
  (display "mark ")
  (display name)
  (newline)
  (recv (after 0.2 'ok)))

(define (plain-server handled)
  (recv
    ((from 'request n)
     (! from (list 'reply n))
     (plain-server (+ handled 1)))))

(define (after-server handled)
  (recv
    ((from 'request n)
     (! from (list 'reply n))
     (after-server (+ handled 1)))
    (after 60 (after-server handled))))

(define (client n me server)
  (if (> n 0)
      (begin
        (! server (list me 'request n))
        (recv (('reply ,n) (client (- n 1) me server))))))

(define (main n kind)
  (let ((n (quotient (string->number n) 2)) ; half of the messages are replies
        (me (self))
        (server (spawn (lambda () (if (string=? kind "plain") (plain-server 0) (after-server 0))))))
    (client (quotient n 10) me server)
    (mark "warm")
    (client (- n (quotient n 10)) me server)
    (mark "end")))
