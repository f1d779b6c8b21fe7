;;; object.scm: what define-termite-type expands into: a process that keeps the
;;; fields of a record.

;; (%make-object fields): a process with these field values.
(define (%make-object fields)
  (spawn
   (lambda ()
     (let loop ((fields fields))
       (recv
        (('set! index value) (loop (%list-with fields index value)))
        ((from tag index) (! from (list tag (list-ref fields index))) (loop fields)))))))

;; (%list-with list index value): the list with another element at `index`.
(define (%list-with list index value)
  (if (= index 0)
      (cons value (cdr list))
      (cons (car list) (%list-with (cdr list) (- index 1) value))))

(define (%object-ref pid index) (!? pid index))
(define (%object-set! pid index value) (! pid (list 'set! index value)))
