;; A node that meets many others. Services:
;;   echo    (from tag x) is answered with (tag x)
;;   keep    keeps what it gets
;;   ask     (from tag #t): how many nodes and runs it remembers, after a collection; (from tag #f): sends
;;           `hello` to all that was kept, monitors it, answers with the reasons of their ends, and forgets it
(define (echo)
  (recv
    ((from tag x) (where (pid? from))
     (! from (list tag x))))
  (echo))

(define (count what) (cdr (assq what (node-counters))))

;; Fills the nursery, which holds what the last messages were, and then the heap.
(define (collect)
  (let loop ((n 20) (last (iota 200000)))
    (if (> n 0) (loop (- n 1) (make-bytevector 8000000 (if (pair? last) (remainder (car last) 200) (bytevector-u8-ref last 0)))))))

(define (end-of pid)
  (! pid 'hello)
  (let ((ref (monitor pid)))
    (recv (('down ,ref _ reason) reason) (after 20 'none))))

(publish-service 'echo (spawn echo))
(define keeper
  (spawn
    (lambda ()
      (let loop ((kept '()))
        (recv
          ((from tag #t) (where (pid? from))
           (collect)
           (! from (list tag (list (count 'peers) (count 'runs))))
           (loop kept))
          ((from tag #f) (where (pid? from))
           (! from (list tag (map end-of kept)))
           (loop '()))
          (x (loop (cons x kept))))))))
(publish-service 'keep keeper)
(publish-service 'ask keeper)
