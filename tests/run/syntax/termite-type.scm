;; define-termite-type: records whose fields change, kept by processes.
;; expect: (1 2 #t #f)
;; expect: (1 9)
(define-termite-type counter id: counter-type low high)
(define c (make-counter 1 2))
(print (list (counter-low c) (counter-high c) (counter? c) (counter? 5)))
(counter-high-set! c 9)
(print (list (counter-low c) (counter-high c)))
