;; Large messages between small ones: each receiver gets what a sender sends in order, other
;; receivers do not wait; ends in the middle of large messages.
;; Arguments: host, port, elements of a large message.
(define (small-after from) (recv ((,from n) n) (after 300 'late)))

;; (n . length) of all, in the order in which they come; 'end ends it.
(define (collector to)
  (let loop ((got '()))
    (recv
      (('item n body) (loop (cons (list n (length body)) got)))
      ('end (! to (list 'collected (reverse got)))))))

(define (body n size) (if (= 0 (modulo n 3)) (iota size) (list n)))
(define (expected count size) (map (lambda (n) (list n (length (body n size)))) (iota count)))

(define (send-items to count size)
  (for-each (lambda (n) (! to (list 'item n (body n size)))) (iota count))
  (! to 'end))

(define (collected) (recv (('collected got) got) (after 300 'nothing)))

(define (check name ok) (print name (if ok " ok" " WRONG")))

(define (main host port size)
  (let* ((node (make-node host (string->number port)))
         (me (self))
         (size (string->number size))
         (start-collector (lambda () (remote-spawn node (lambda () (collector me))))))
    ;; Two senders in a row for each of two receivers, all at once.
    (let ((one (start-collector)) (two (start-collector)))
      (spawn (lambda () (send-items one 9 size)))
      (spawn (lambda () (send-items two 9 size)))
      (check "order" (let* ((a (collected)) (b (collected))) (and (equal? a (expected 9 size)) (equal? b a)))))
    ;; The last thing that a process does, its end follows: the monitor hears of it behind the message.
    (let* ((sink (remote-spawn node
                   (lambda ()
                     (recv
                       (('watch pid)
                        (let ((ref (monitor pid)))
                          (! pid 'go)
                          (recv (('down ,ref . _) (! me 'down-first)) (l (! me (list 'large (length l)))))
                          (recv (('down ,ref . _) (! me 'down)) (after 300 (! me 'no-down)))))))))
           (last (spawn (lambda () (recv ('go (! sink (iota size))))))))
      (! sink (list 'watch last))
      (check "last words" (equal? (recv (('large n) n) ('down-first 'down-first) (after 300 #f)) size))
      (check "end" (recv ('down #t) ('no-down #f) (after 300 #f))))
    ;; A sender that is ended in the middle; later messages arrive.
    (let* ((one (start-collector))
           (sender (spawn (lambda () (! one (list 'item 0 (iota size))) (recv ('never #t))))))
      (recv ('never #t) (after 0.002 #f))
      (terminate! sender)
      (! one '(item 1 (1)))
      (! one 'end)
      (let ((got (collected)))
        (check "sender ended" (member got (list '((1 1)) (list (list 0 size) '(1 1)))))))
    ;; A receiver that ends in the middle; others are not troubled.
    (let ((gone (remote-spawn node (lambda () (recv ('stop #t))))) (one (start-collector)))
      (spawn (lambda () (! gone (iota size)) (! gone (iota size))))
      (! gone 'stop)
      (send-items one 4 size)
      (check "receiver ended" (equal? (collected) (expected 4 size))))))
