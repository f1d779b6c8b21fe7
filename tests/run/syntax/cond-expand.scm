;; cond-expand at top level and in bodies.
;; expect: termite
;; expect: body
;; expect: library
(cond-expand
  (termite (print 'termite))
  (else (print 'other)))
(define (f)
  (cond-expand ((and full-unicode (not no-such-feature)) (define x 'body)) (else (define x 'no)))
  x)
(print (f))
(cond-expand ((library (scheme base)) (print 'library)) (else (print 'none)))
