;;; Messages in one direction, from node to node: megabytes, long lists, and many
;;; small ones; the receiver answers at the end. The times are those of a
;;; megabyte, of a list's element, and of a small message. Arguments: the other
;;; node's host and port, n megabytes, n lists, n small messages.
(include "measure.scm")

(define (size-of message)
  (cond
    ((bytevector? message) (bytevector-length message))
    ((pair? message) (car message)) ; the lists count down: that is their length
    (else message)))

;; Adds up the sizes of n messages.
(define (sink from)
  (let loop ((left (?)) (sum 0))
    (if (= left 0)
        (! from sum)
        (recv
          (message (loop (- left 1) (+ sum (size-of message))))))))

(define (stream node n message)
  (let* ((me (self))
         (peer (remote-spawn node (lambda () (sink me)))))
    (! peer n)
    (let loop ((i 0))
      (if (< i n)
          (begin
            (! peer message)
            (loop (+ i 1)))))
    (?)))

(define (main host port megabytes lists messages)
  (let ((node (make-node host (string->number port)))
        (megabytes (string->number megabytes))
        (lists (string->number lists))
        (messages (string->number messages)))
    (stream node 10 1)
    (measure "node-megabytes" 1 megabytes
             (lambda () (stream node megabytes (make-bytevector 1000000 7))))
    (measure "node-lists" 1 (* lists 200000)
             (lambda () (stream node lists (map (lambda (i) (- 200000 i)) (iota 200000)))))
    (measure "node-oneway" 1 messages
             (lambda () (stream node messages 1)))))
