;; A child process sends a message to its parent (paper, section 2.2).
;; expect: Hello, world!
(define (main)
  (let ((parent (self)))
    (spawn (lambda () (! parent "Hello, world!")))
    (print (?))))
