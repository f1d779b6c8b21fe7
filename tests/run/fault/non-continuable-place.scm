;; A handler that returns from a software error: the report names the place of that error.
;; expect-error: non-continuable-place.scm:5:26: error in frob: handler returned from a non-continuable exception
;; expect-error: wrong-type
;; exit: 70
(define (frob x) (list 1 (car x)))
(with-exception-handler (lambda (e) 5) (lambda () (vector (frob 7) 1)))
