;; Two nodes that watch each other. Main sends numbered messages to the other node,
;; with the number of losses that it has seen so far; the other one says when numbers
;; are missing or come back, and both say when they lose each other.
;; Arguments: host, port, milliseconds between two messages.
(define (watch node what)
  (monitor-node node)
  (recv
    (('node-down n reason epoch)
     (print what reason)))
  (wait-until-there node)
  (print "back")
  (watch node what))

(define (wait-until-there node)
  (if (not (eq? (ping node 0.5) 'pong))
      (begin
        (? 0.05 #f)
        (wait-until-there node))))

;; losses: the largest that a message had so far.
(define (sink expected losses)
  (recv
    (('number from n l)
     (cond
       ((< l losses) (print "late " n " of " l " in " losses))
       ((< n expected) (print "again " n " expected " expected))
       ((> n expected) (print "gap")))
     (if (= 0 (modulo n 50)) (print "got " n))
     (sink (+ n 1) l))
    (('watch from)
     (spawn (lambda () (watch (pid-node from) "down ")))
     (! from 'watched)
     (sink expected losses))))

(publish-service 'sink (spawn (lambda () (sink 1 0))))

;; counter: a process that counts the losses.
(define (send-numbers sink n losses pause)
  (! sink (list 'number (self) n losses))
  (recv
    (('lost) (send-numbers sink (+ n 1) (+ losses 1) pause))
    (after pause (send-numbers sink (+ n 1) losses pause))))

(define (watch-and-tell node sender)
  (monitor-node node)
  (recv
    (('node-down n reason epoch)
     (! sender '(lost))
     (print "down " reason)))
  (wait-until-there node)
  (print "back")
  (watch-and-tell node sender))

(define (main host port ms)
  (let* ((node (make-node host (string->number port)))
         (sink (resolve-service 'sink node))
         (me (self)))
    (! sink (list 'watch me))
    (recv ('watched (print "watched")))
    (spawn (lambda ()
             (monitor sink)
             (recv (('down ref pid reason) (print "monitor " reason)))))
    (spawn (lambda ()
             (inbound-link sink)
             (print "link " (catch (lambda (e) (if (pair? e) (car e) e)) (?)))))
    (spawn (lambda () (watch-and-tell node me)))
    (send-numbers sink 1 0 (/ (string->number ms) 1000))))
