;; Neither captures the other: names of templates, names of uses.
(define-syntax swap-let
  (syntax-rules () ((_ a b body) (let ((tmp a)) (let ((a b) (b tmp)) body)))))
(define (swapped tmp other) (swap-let tmp other (list tmp other)))
(define-syntax my-or
  (syntax-rules () ((_) #f) ((_ e) e) ((_ e r ...) (let ((t e)) (if t t (my-or r ...))))))
(define (or-t t) (my-or #f t))
(define (shadowed-if) (let ((if list)) (my-or 1 2)))
(define (shadowed-arrow) (let ((=> #f)) (cond (#t => 'ok))))
(define (shadowed-keyword my-or) (my-or 1 2))
(define (twice) (define-syntax twice (syntax-rules () ((_ x) (* x 2)))) (twice 4))
