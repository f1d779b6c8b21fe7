;; A condition whose message is circular is printed, and reported, with labels.
(define c (with-exception-catcher (lambda (e) e) (lambda () (error '#0=(1 . #0#) 2))))
(println c)
;; expect: #<condition error #0=(1 . #0#) (2)>
(spawn (lambda () (raise c)))
(thread-sleep! 0.05)
;; expect-error: error in top level: #0=(1 . #0#): 2
