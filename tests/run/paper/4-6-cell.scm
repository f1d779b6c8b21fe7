;; Mutable state behind a process (paper, section 4.6). These definitions shadow
;; those of the library.
;; expect: 1
;; expect: 2
(define (make-cell content)
  (spawn
    (lambda ()
      (let loop ((content content))
        (recv
          ((from tag 'ref)
           (! from (list tag content))
           (loop content))

          (('set! content)
           (loop content)))))))

(define (cell-ref cell)
  (!? cell 'ref))

(define (cell-set! cell value)
  (! cell (list 'set! value)))

(define cell (make-cell 1))
(print (cell-ref cell))
(cell-set! cell 2)
(print (cell-ref cell))
