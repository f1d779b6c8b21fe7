;;; data.scm: state behind processes: cells and bags.

;;; ---- cells ------------------------------------------------------------

;; (make-cell [content]): a process that keeps one object; without content it is
;; empty: it keeps the default object.
(define make-cell
  (case-lambda
    (() (%make-cell (%default)))
    ((content) (%make-cell content))))

(define (%make-cell content)
  (spawn
   (lambda ()
     (let loop ((content content))
       (recv
        ((from tag 'ref) (! from (list tag (if (%default? content) (void) content))) (loop content))
        ((from tag 'empty?) (! from (list tag (%default? content))) (loop content))
        (('set! content) (loop content))
        ('empty! (loop (%default))))))))

;; (cell-ref cell): its content; unspecified when empty. (cell-set! cell obj): new
;; content. (cell-empty! cell): none. (cell-empty? cell): whether it has none.
;; Error: no pid.
(define (cell-ref cell) (!? cell 'ref))
(define (cell-set! cell obj) (! cell (list 'set! obj)))
(define (cell-empty! cell) (! cell 'empty!))
(define (cell-empty? cell) (!? cell 'empty?))

;;; ---- bags -------------------------------------------------------------

;; (make-bag): a set of objects behind a process. (bag-add! bag obj),
;; (bag-remove! bag obj): put in, take out. (bag-member? bag obj): whether it is
;; in. (bag-length bag), (bag->list bag), (bag-for-each proc bag),
;; (bag-search proc bag), (bag? obj): as for dictionaries. Error: no pid.
(define (make-bag) (make-dict))
(define (bag-add! bag obj) (dict-set! bag obj #t))
(define (bag-remove! bag obj) (dict-delete! bag obj))
(define (bag-member? bag obj) (dict-ref bag obj #f))
(define (bag-length bag) (dict-length bag))
(define (bag->list bag) (dict-keys bag))
(define (bag-for-each proc bag) (for-each proc (bag->list bag)))
(define (bag-search proc bag) (any proc (bag->list bag)))
(define (bag? obj) (dict? obj))
