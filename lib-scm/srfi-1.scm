;;; srfi-1.scm: what is seldom used of SRFI 1. What changes its arguments is not there, nor `circular-list`,
;;; which could not be made without it.

;; (circular-list? obj): pairs without end. (dotted-list? obj): pairs, or none, that end in something
;; other than the empty list. (length+ list): its length, or #f for a circular one.
(define (circular-list? obj) (eq? (%list-end obj) 'circular))
(define (dotted-list? obj)
  (let ((end (%list-end obj)))
    (not (or (null? end) (eq? end 'circular)))))
(define (length+ l) (if (circular-list? l) #f (length l)))

;; What is behind the last pair, in a list of one element, unless it is () itself; the symbol `circular` if there is no last.
(define (%list-end obj)
  (let loop ((slow obj) (fast obj))
    (if (pair? fast)
        (let ((next (cdr fast)))
          (if (pair? next)
              (let ((slow (cdr slow)) (fast (cdr next)))
                (if (eq? slow fast) 'circular (loop slow fast)))
              (%end-of next)))
        (%end-of fast))))
(define (%end-of end) (if (null? end) '() (list end)))

;; (list= same? list ...): whether the lists have as many elements, and `same?` holds for those in the same place.
(define (list= same? . lists)
  (let next ((lists lists))
    (or (null? lists)
        (null? (cdr lists))
        (and (%list=2 same? (car lists) (cadr lists))
             (next (cdr lists))))))
(define (%list=2 same? a b)
  (cond ((null? a) (null? b))
        ((null? b) #f)
        ((same? (car a) (car b)) (%list=2 same? (cdr a) (cdr b)))
        (else #f)))

;; (car+cdr pair): both as values. (unzip1 lists) … (unzip5 lists): the first, second, … elements of
;; the lists, as that many lists.
(define (car+cdr pair) (values (car pair) (cdr pair)))
(define (unzip1 lists) (map first lists))
(define (unzip2 lists) (values (map first lists) (map second lists)))
(define (unzip3 lists) (values (map first lists) (map second lists) (map third lists)))
(define (unzip4 lists) (values (map first lists) (map second lists) (map third lists) (map fourth lists)))
(define (unzip5 lists)
  (values (map first lists) (map second lists) (map third lists) (map fourth lists) (map fifth lists)))

;; (pair-fold f acc list ...), (pair-fold-right f acc list ...): as `fold` and `fold-right`, with the pairs of the lists in
;; place of the elements. They end with the shortest list.
(define pair-fold
  (case-lambda
    ((f acc list1)
     (let loop ((acc acc) (l list1))
       (if (pair? l)
           (let ((rest (cdr l)))
             (loop (f l acc) rest))
           (begin (%check-end "pair-fold" l) acc))))
    ((f acc list1 . more)
     (let loop ((acc acc) (lists (cons list1 more)))
       (if (%at-end? "pair-fold" lists)
           acc
           (let ((rests (%cdrs lists)))
             (loop (apply f (append lists (list acc))) rests)))))))
(define pair-fold-right
  (case-lambda
    ((f acc list1)
     (let loop ((l list1))
       (if (pair? l)
           (f l (loop (cdr l)))
           (begin (%check-end "pair-fold-right" l) acc))))
    ((f acc list1 . more)
     (let loop ((lists (cons list1 more)))
       (if (%at-end? "pair-fold-right" lists)
           acc
           (apply f (append lists (list (loop (%cdrs lists))))))))))

;; (unfold-right stop? f next seed [tail]): the list whose last element is (f seed), in front of it (f (next seed)) …,
;; until (stop? seed); `tail` behind it.
(define unfold-right
  (case-lambda
    ((stop? f next seed) (unfold-right stop? f next seed '()))
    ((stop? f next seed tail)
     (let loop ((seed seed) (l tail))
       (if (stop? seed) l (loop (next seed) (cons (f seed) l)))))))

;; (lset<= same? list ...): whether each list, as a set, is part of the next one. (lset= same? list ...): whether
;; all are equal. (lset-xor same? list ...): what is in an odd number of them. (lset-diff+intersection same? list
;; other ...): what is in none of the others, and what is in some of them, as two values.
(define (lset<= same? . lists)
  (let next ((lists lists))
    (or (null? lists)
        (null? (cdr lists))
        (and (%subset? same? (car lists) (cadr lists))
             (next (cdr lists))))))
(define (lset= same? . lists)
  (let next ((lists lists))
    (or (null? lists)
        (null? (cdr lists))
        (and (%subset? same? (car lists) (cadr lists))
             (%subset? (lambda (x y) (same? y x)) (cadr lists) (car lists))
             (next (cdr lists))))))
(define (%subset? same? a b) (every (lambda (x) (any (lambda (y) (same? x y)) b)) a))
(define (lset-xor same? . lists)
  (reduce (lambda (b a)
            (append (remove (lambda (x) (any (lambda (y) (same? y x)) a)) b)
                    (remove (lambda (x) (any (lambda (y) (same? x y)) b)) a)))
          '()
          lists))
(define (lset-diff+intersection same? l . others)
  (partition (lambda (x) (every (lambda (other) (not (any (lambda (y) (same? x y)) other))) others)) l))
