;;; Two processes on two nodes send each other a list, for lists of several
;;; lengths; the time is that of one message. Arguments: the other node's host
;;; and port, n round trips.
(include "measure.scm")

(define (pong)
  (recv
    ((from message)
     (! from message)
     (pong))))

(define (ping n me peer message)
  (if (= n 0)
      (length message)
      (begin
        (! peer (list me message))
        (recv
          (reply (ping (- n 1) me peer reply))))))

(define (count-down n)
  (if (= n 0)
      '()
      (cons n (count-down (- n 1)))))

(define (main host port n)
  (let* ((n (string->number n))
         (me (self))
         (peer (remote-spawn (make-node host (string->number port)) pong)))
    (ping 100 me peer '())
    (for-each
      (lambda (size)
        (let ((message (count-down size)))
          (measure (string-append "node-pingpong-" (number->string size)) 1 (* 2 n)
                   (lambda () (ping n me peer message)))))
      '(0 1000))))
