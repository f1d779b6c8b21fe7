;; First-class continuations: a generator of the leaves of a tree, and the
;; comparison of the fringes of two trees.
;; expect: (1 2 3 4 5)
;; expect: same fringe: #t
;; expect: same fringe: #f
(define (tree->generator tree)
  ;; A generator is a thunk that gives (leaf . next generator), or #f at the end.
  (lambda ()
    (call/cc
      (lambda (return)
        (let ((last (let walk ((tree tree) (return return))
                      (cond ((null? tree) return)
                            ((pair? tree) (walk (cdr tree) (walk (car tree) return)))
                            (else
                             (call/cc
                               (lambda (resume)
                                 (return (cons tree (lambda () (call/cc resume)))))))))))
          (last #f))))))

(define (generator->list g)
  (match (g)
    (#f '())
    ((leaf . next) (cons leaf (generator->list next)))))

(define (same-fringe? a b)
  (let loop ((x ((tree->generator a))) (y ((tree->generator b))))
    (cond ((and (pair? x) (pair? y))
           (and (equal? (car x) (car y)) (loop ((cdr x)) ((cdr y)))))
          (else (eq? x y)))))

(print (generator->list (tree->generator '((1 2) (3 (4 5))))))
(print "same fringe: " (same-fringe? '((1 2) 3) '(1 (2 3))))
(print "same fringe: " (same-fringe? '((1 2) 3) '(1 (3 2))))
