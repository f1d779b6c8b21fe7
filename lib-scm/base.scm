;;; base.scm: failures of library procedures, values, apply, the accessors of
;;; pairs, list construction, map and for-each.

;;; ---- failures ---------------------------------------------------------

;; (%wrong-type who obj): raise `wrong-type` for argument `obj` of the procedure
;; named by the string `who`. Does not return.
(define (%wrong-type who obj)
  (%raise-failure (%make-condition 'wrong-type (%string-append2 who ": wrong type of argument") (list obj))))

;; (%outside who obj low high): the same as %out-of-range, of an argument that must be from `low` to `high`.
(define (%outside who obj low high)
  (%raise-failure
   (%make-condition 'out-of-range (%string-append2 who ": argument out of range") (list obj) low high)))

;; (%out-of-range who obj): raise `out-of-range` for argument `obj` of `who`.
(define (%out-of-range who obj)
  (%raise-failure (%make-condition 'out-of-range (%string-append2 who ": argument out of range") (list obj))))

;; (%match-failed obj): no clause of a `match` takes `obj`.
(define (%match-failed obj)
  (%raise-failure (%make-condition 'no-match "match: no clause matches" (list obj))))

;; (%check-end who rest): after a loop over a list: `rest` must be the empty list.
(define-inline (%check-end who rest)
  (if (null? rest) (void) (%wrong-type who rest)))

;; (%check-index who k): `k` must be an exact integer that is not negative.
(define-inline (%check-index who k)
  (if (exact-integer? k)
      (if (< k 0) (%out-of-range who k) (void))
      (%wrong-type who k)))

;;; ---- values, apply ----------------------------------------------------

;; (values obj ...): deliver all arguments to the continuation.
(define-inline values
  (case-lambda
    ((obj) obj)
    (objs (%list->values objs))))

;; (call-with-values producer consumer): call the thunk `producer`, then
;; `consumer` with the values it gives, in tail position.
(define-inline (call-with-values producer consumer)
  (let ((v (producer)))
    (if (%values? v)
        (apply consumer (%values->list v))
        (consumer v))))

;;; ---- constructors -----------------------------------------------------

;; (list obj ...): a new list of the arguments.
(define-inline (list . objs) objs)

;; (cons* obj ... tail): the objects in front of the list `tail`.
(define cons*
  (case-lambda
    ((tail) tail)
    ((a tail) (cons a tail))
    ((a b tail) (cons a (cons b tail)))
    ((a b c . rest)
     (cons a (cons b (let loop ((x c) (rest rest))
                       (if (pair? rest) (cons x (loop (car rest) (cdr rest))) x)))))))

;; (append list ... tail): a list of the elements of all lists; shares `tail`,
;; which may be any object. Error: an argument in front of it is no list.
(define-inline append
  (case-lambda
    ((a b) (%append2 a b))
    ((a b c) (%append2 a (%append2 b c)))
    ((a) a)
    (() '())
    (lists (%append-all lists))))

(define (%append-all lists)
  (if (null? (cdr lists))
      (car lists)
      (%append2 (car lists) (%append-all (cdr lists)))))

;;; ---- accessors --------------------------------------------------------

;; (caar pair) ... (cddddr pair): compositions of car and cdr. Error: a part on
;; the way is no pair.
(define-inline (caar x) (car (car x)))
(define-inline (cadr x) (car (cdr x)))
(define-inline (cdar x) (cdr (car x)))
(define-inline (cddr x) (cdr (cdr x)))
(define-inline (caaar x) (car (caar x)))
(define-inline (caadr x) (car (cadr x)))
(define-inline (cadar x) (car (cdar x)))
(define-inline (caddr x) (car (cddr x)))
(define-inline (cdaar x) (cdr (caar x)))
(define-inline (cdadr x) (cdr (cadr x)))
(define-inline (cddar x) (cdr (cdar x)))
(define-inline (cdddr x) (cdr (cddr x)))
(define-inline (caaaar x) (car (caaar x)))
(define-inline (caaadr x) (car (caadr x)))
(define-inline (caadar x) (car (cadar x)))
(define-inline (caaddr x) (car (caddr x)))
(define-inline (cadaar x) (car (cdaar x)))
(define-inline (cadadr x) (car (cdadr x)))
(define-inline (caddar x) (car (cddar x)))
(define-inline (cadddr x) (car (cdddr x)))
(define-inline (cdaaar x) (cdr (caaar x)))
(define-inline (cdaadr x) (cdr (caadr x)))
(define-inline (cdadar x) (cdr (cadar x)))
(define-inline (cdaddr x) (cdr (caddr x)))
(define-inline (cddaar x) (cdr (cdaar x)))
(define-inline (cddadr x) (cdr (cdadr x)))
(define-inline (cdddar x) (cdr (cddar x)))
(define-inline (cddddr x) (cdr (cdddr x)))

;;; ---- map, for-each ----------------------------------------------------

;; (%at-end? who lists): whether one of them is at its end. An element that is
;; neither a pair nor empty is reported under the name `who`.
(define (%at-end? who lists)
  (cond ((null? lists) #f)
        ((pair? (car lists)) (%at-end? who (cdr lists)))
        ((null? (car lists)) #t)
        (else (%wrong-type who (car lists)))))

;; (%cars lists), (%cdrs lists): of lists that are all pairs.
(define (%cars lists)
  (if (null? lists) '() (cons (car (car lists)) (%cars (cdr lists)))))
(define (%cdrs lists)
  (if (null? lists) '() (cons (cdr (car lists)) (%cdrs (cdr lists)))))

;; (map f list1 list2 ...): list of the results of `f` on the elements, first to
;; last; ends with the shortest list. Error: not a list.
(define map
  (case-lambda
    ((f list1)
     (let loop ((l list1))
       (if (pair? l)
           (let ((v (f (car l))))
             (cons v (loop (cdr l))))
           (begin (%check-end "map" l) '()))))
    ((f list1 list2)
     (let loop ((l list1) (m list2))
       (if (and (pair? l) (pair? m))
           (let ((v (f (car l) (car m))))
             (cons v (loop (cdr l) (cdr m))))
           (begin (%at-end? "map" (list l m)) '()))))
    ((f list1 . more)
     (let loop ((lists (cons list1 more)))
       (if (%at-end? "map" lists)
           '()
           (let ((v (apply f (%cars lists))))
             (cons v (loop (%cdrs lists)))))))))

;; (for-each f list1 list2 ...): call `f` on the elements, first to last, for its
;; effect; ends with the shortest list. Error: not a list.
(define for-each
  (case-lambda
    ((f list1)
     (let loop ((l list1))
       (if (pair? l)
           (begin (f (car l)) (loop (cdr l)))
           (%check-end "for-each" l))))
    ((f list1 list2)
     (let loop ((l list1) (m list2))
       (if (and (pair? l) (pair? m))
           (begin (f (car l) (car m)) (loop (cdr l) (cdr m)))
           (begin (%at-end? "for-each" (list l m)) (void)))))
    ((f list1 . more)
     (let loop ((lists (cons list1 more)))
       (if (%at-end? "for-each" lists)
           (void)
           (begin (apply f (%cars lists)) (loop (%cdrs lists))))))))

;;; ---- booleans, symbols, procedures ------------------------------------

;; (%chain ok? holds? who first rest): whether `holds?` is true between
;; neighbours; every element must be `ok?`.
(define-inline (%chain ok? holds? who first rest)
  (if (ok? first) (void) (%wrong-type who first))
  (let loop ((x first) (rest rest) (result #t))
    (if (pair? rest)
        (let ((y (car rest)))
          (if (ok? y) (void) (%wrong-type who y))
          (loop y (cdr rest) (and result (holds? x y))))
        result)))

;; (boolean=? a b ...): whether all are the same boolean. Error: not a boolean.
(define (boolean=? a b . rest)
  (%chain boolean? eq? "boolean=?" a (cons b rest)))

;; (symbol=? a b ...): whether all are the same symbol. Error: not a symbol.
(define (symbol=? a b . rest)
  (%chain symbol? eq? "symbol=?" a (cons b rest)))

;; (identity obj): obj.
(define-inline (identity obj) obj)
