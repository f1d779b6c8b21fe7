;; A remote procedure call: by hand with a tag, and with !? (paper, section 4.5).
;; expect: 42
;; expect: 42
(define rpc-server
  (spawn
    (lambda ()
      (let loop ()
        (recv
          ((from tag ('add a b))
           (! from (list tag (+ a b)))))
        (loop)))))

(print
  (let ((tag (make-tag)))
    (! rpc-server (list (self) tag (list 'add 21 21)))
    (recv
      ;; note the reference to tag in the current lexical scope
      ((,tag reply) reply))))

(print (!? rpc-server (list 'add 21 21)))
