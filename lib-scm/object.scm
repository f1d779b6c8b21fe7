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

;; (%object-ref who object type index), (%object-set! who object type index value): the field
;; `index` of a record of that type, for its accessor `who`. Error: another object; its
;; process has ended (only the first one asks it).
(define (%object-ref who object type index)
  (%ask-living who (%object-pid who object type) index))
(define (%object-set! who object type index value)
  (! (%object-pid who object type) (list 'set! index value)))
(define-inline (%object-pid who object type)
  (if (%record? object type) (%record-ref object type 0) (%wrong-type who object)))
