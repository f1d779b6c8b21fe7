;;; data.scm: state behind processes: cells and bags.

;;; ---- cells ------------------------------------------------------------

;; (make-cell [content]): a process that keeps one object; without content it is
;; empty: it keeps the default object. (terminate! cell) ends it; until then it lives.
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
;; Error: no pid; of those with an answer: the process has ended. Messages: (from tag ref),
;; (from tag empty?), (set! obj), empty!.
(define (cell-ref cell) (%ask-living "cell-ref" cell 'ref))
(define (cell-set! cell obj)
  (%check-pid "cell-set!" cell)
  (! cell (list 'set! obj)))
(define (cell-empty! cell)
  (%check-pid "cell-empty!" cell)
  (! cell 'empty!))
(define (cell-empty? cell) (%ask-living "cell-empty?" cell 'empty?))

;;; ---- bags -------------------------------------------------------------

;; (make-bag): a set of objects behind a process. (bag-add! bag obj),
;; (bag-remove! bag obj): put in, take out. (bag-member? bag obj): whether it is
;; in. (bag-length bag), (bag->list bag), (bag-for-each proc bag),
;; (bag-search proc bag), (bag? obj): as for dictionaries, with the same messages. Error: no
;; pid; of those with an answer: the process has ended.
(define (make-bag) (make-dict))
(define (bag-add! bag obj) (%tell-dict "bag-add!" bag (list 'dict-set! obj #t)))
(define (bag-remove! bag obj) (%tell-dict "bag-remove!" bag (list 'dict-delete! obj)))
(define (bag-member? bag obj) (%ask-living "bag-member?" bag (list 'dict-ref obj #f)))
(define (bag-length bag) (%ask-living "bag-length" bag '(dict-length)))
(define (bag->list bag) (%bag->list "bag->list" bag))
(define (bag-for-each proc bag) (for-each proc (%bag->list "bag-for-each" bag)))
(define (bag-search proc bag) (any proc (%bag->list "bag-search" bag)))
(define (%bag->list who bag)
  (%check-pid who bag)
  (map car (%dict->list (%dict-content who bag))))
(define (bag? obj) (dict? obj))
