;;; list.scm: lists beyond base.scm: R7RS (scheme base) and the procedures of
;;; SRFI 1 that programs use. Nothing here changes a list.

;;; ---- construction -----------------------------------------------------

;; (make-list n [fill]): a list of `n` times `fill` (default: unspecified).
(define make-list
  (case-lambda
    ((n) (%make-list n (void)))
    ((n fill) (%make-list n fill))))

(define (%make-list n fill)
  (%check-index "make-list" n)
  (let loop ((n n) (result '()))
    (if (= n 0) result (loop (- n 1) (cons fill result)))))

;; (list-tabulate n f): the list (f 0) ... (f n-1).
(define (list-tabulate n f) (%tabulate "list-tabulate" n f))

(define (%tabulate who n f)
  (%check-index who n)
  (let loop ((i 0))
    (if (< i n)
        (let ((v (f i)))
          (cons v (loop (+ i 1))))
        '())))

;; (iota n [start step]): the `n` numbers start, start + step, ... (0 and 1).
(define iota
  (case-lambda
    ((n) (%iota n 0 1))
    ((n start) (%iota n start 1))
    ((n start step) (%iota n start step))))

(define (%iota n start step)
  (%check-index "iota" n)
  (let loop ((i (- n 1)) (result '()))
    (cond ((> i 0) (loop (- i 1) (cons (+ start (* i step)) result)))
          ((= i 0) (cons start result))
          (else result))))

;; (xcons a b): (b . a). (zip list1 list2 ...): list of lists of corresponding
;; elements.
(define-inline (xcons a b) (cons b a))
(define (zip . lists) (apply map list lists))

;; (list-copy obj): a new list with the elements of `obj`; an improper tail is
;; kept, another object is given back.
(define (list-copy obj)
  (if (pair? obj)
      (cons (car obj) (list-copy (cdr obj)))
      obj))

;; (list-set list k obj): a list like `list` with `obj` as element `k`.
(define (list-set l k obj)
  (%check-index "list-set" k)
  (let loop ((rest l) (i k))
    (cond ((not (pair? rest)) (%out-of-range "list-set" k))
          ((= i 0) (cons obj (cdr rest)))
          (else (cons (car rest) (loop (cdr rest) (- i 1)))))))

;;; ---- parts ------------------------------------------------------------

;; (first list) ... (tenth list): that element. Error: the list is shorter.
(define-inline (first l) (car l))
(define-inline (second l) (cadr l))
(define-inline (third l) (caddr l))
(define-inline (fourth l) (cadddr l))
(define (fifth l) (car (cddddr l)))
(define (sixth l) (cadr (cddddr l)))
(define (seventh l) (caddr (cddddr l)))
(define (eighth l) (cadddr (cddddr l)))
(define (ninth l) (car (cddddr (cddddr l))))
(define (tenth l) (cadr (cddddr (cddddr l))))

;; (last-pair pair): the last pair of a list that is not empty.
(define (last-pair l)
  (if (pair? l)
      (let loop ((l l))
        (if (pair? (cdr l)) (loop (cdr l)) l))
      (%wrong-type "last-pair" l)))

;; (last list): the last element of a list that is not empty.
(define (last l)
  (if (pair? l)
      (car (last-pair l))
      (%wrong-type "last" l)))

;; (take list k): list of the first `k` elements. (drop list k): what follows them. The list may end in another
;; object than (). Error: fewer elements.
(define (take l k) (%take "take" l k))
(define (drop l k) (%drop "drop" l k))

(define (%take who l k)
  (%check-index who k)
  (let loop ((rest l) (i k))
    (cond ((= i 0) '())
          ((pair? rest) (cons (car rest) (loop (cdr rest) (- i 1))))
          (else (%out-of-range who k)))))

(define (%drop who l k)
  (%check-index who k)
  (let loop ((rest l) (i k))
    (cond ((= i 0) rest)
          ((pair? rest) (loop (cdr rest) (- i 1)))
          (else (%out-of-range who k)))))

;; (list-head list k): as take.
(define (list-head l k) (%take "list-head" l k))

;; (sublist list start end): elements start ... end - 1.
(define (sublist l start end)
  (%check-index "sublist" end)
  (%check-index "sublist" start)
  (if (> start end) (%out-of-range "sublist" start) (void))
  (let loop ((rest l) (i start))
    (cond ((= i 0) (%take "sublist" rest (- end start)))
          ((pair? rest) (loop (cdr rest) (- i 1)))
          (else (%out-of-range "sublist" start)))))

;; (split-at list k): two values: the first `k` elements, and the rest.
(define (split-at l k)
  (values (%take "split-at" l k) (%drop "split-at" l k)))

;; (take-right list k): the last `k` elements, with what the list ends in. (drop-right list k): all elements
;; but them. Error: fewer elements.
(define (take-right l k)
  (let loop ((last l) (ahead (%drop "take-right" l k)))
    (if (pair? ahead) (loop (cdr last) (cdr ahead)) last)))
(define (drop-right l k)
  (let loop ((rest l) (ahead (%drop "drop-right" l k)))
    (if (pair? ahead) (cons (car rest) (loop (cdr rest) (cdr ahead))) '())))

;; (take-while pred list): the longest head whose elements all satisfy `pred`.
(define (take-while pred l)
  (if (pair? l)
      (let ((x (car l)))
        (if (pred x) (cons x (take-while pred (cdr l))) '()))
      (begin (%check-end "take-while" l) '())))

;; (drop-while pred list): what follows the longest such head.
(define (drop-while pred l)
  (if (pair? l)
      (if (pred (car l)) (drop-while pred (cdr l)) l)
      (begin (%check-end "drop-while" l) '())))

;; (span pred list), (break pred list): two values, the longest head whose
;; elements satisfy (break: do not satisfy) `pred`, and the rest.
(define (span pred l) (%span "span" pred l))
(define (break pred l) (%span "break" (lambda (x) (not (pred x))) l))

(define (%span who pred l)
  (let loop ((rest l) (head '()))
    (cond ((not (pair? rest)) (%check-end who rest) (values l rest))
          ((pred (car rest)) (loop (cdr rest) (cons (car rest) head)))
          (else (values (reverse head) rest)))))

;; (append-reverse head tail): the elements of `head` reversed in front of `tail`.
(define (append-reverse head tail)
  (if (pair? head)
      (append-reverse (cdr head) (cons (car head) tail))
      (begin (%check-end "append-reverse" head) tail)))

;; (concatenate lists): the lists of a list, appended.
(define (concatenate lists)
  (if (pair? lists)
      (%append-all lists)
      (begin (%check-end "concatenate" lists) '())))

;; (flatten tree): list of the atoms of a tree of lists, left to right.
(define (flatten tree)
  (let walk ((tree tree) (rest '()))
    (cond ((null? tree) rest)
          ((pair? tree) (walk (car tree) (walk (cdr tree) rest)))
          (else (cons tree rest)))))

;;; ---- folds ------------------------------------------------------------

;; (fold f init list1 list2 ...): (f elem ... state) from the first element to
;; the last; the state begins as `init` and is the result.
(define fold
  (case-lambda
    ((f init list1)
     (let loop ((l list1) (state init))
       (if (pair? l)
           (loop (cdr l) (f (car l) state))
           (begin (%check-end "fold" l) state))))
    ((f init list1 . more)
     (let loop ((lists (cons list1 more)) (state init))
       (if (%at-end? "fold" lists)
           state
           (loop (%cdrs lists) (apply f (append (%cars lists) (list state)))))))))

;; (fold-right f init list1 list2 ...): (f elem ... state) from the last to the
;; first.
(define fold-right
  (case-lambda
    ((f init list1)
     (let loop ((l list1))
       (if (pair? l)
           (let ((state (loop (cdr l))))
             (f (car l) state))
           (begin (%check-end "fold-right" l) init))))
    ((f init list1 . more)
     (let loop ((lists (cons list1 more)))
       (if (%at-end? "fold-right" lists)
           init
           (let ((state (loop (%cdrs lists))))
             (apply f (append (%cars lists) (list state)))))))))

;; (fold-left f init list1 list2 ...): (f state elem ...) from the first to the
;; last.
(define fold-left
  (case-lambda
    ((f init list1)
     (let loop ((l list1) (state init))
       (if (pair? l)
           (loop (cdr l) (f state (car l)))
           (begin (%check-end "fold-left" l) state))))
    ((f init list1 . more)
     (let loop ((lists (cons list1 more)) (state init))
       (if (%at-end? "fold-left" lists)
           state
           (loop (%cdrs lists) (apply f state (%cars lists))))))))

;; (reduce f default list): fold with the first element as the initial state;
;; `default` for the empty list.
(define (reduce f default l)
  (if (pair? l)
      (fold f (car l) (cdr l))
      (begin (%check-end "reduce" l) default)))

;; (reduce-right f default list): the same from the right.
(define (reduce-right f default l)
  (if (pair? l)
      (let loop ((x (car l)) (rest (cdr l)))
        (if (pair? rest)
            (let ((state (loop (car rest) (cdr rest))))
              (f x state))
            (begin (%check-end "reduce-right" rest) x)))
      (begin (%check-end "reduce-right" l) default)))

;; (unfold stop? mapper successor seed [tail-gen]): list of (mapper seed) for the
;; seeds until `stop?` holds; ends in (tail-gen seed), by default ().
(define unfold
  (case-lambda
    ((stop? mapper successor seed)
     (unfold stop? mapper successor seed (lambda (seed) '())))
    ((stop? mapper successor seed tail-gen)
     (let loop ((seed seed))
       (if (stop? seed)
           (tail-gen seed)
           (let ((v (mapper seed)))
             (cons v (loop (successor seed)))))))))

;; (map-in-order f list1 list2 ...): as map, which keeps the order, too.
(define (map-in-order f list1 . more) (apply map f list1 more))

;; (pair-for-each f list1 list2 ...): call `f` on the lists and their tails that are pairs; ends with the shortest list.
(define pair-for-each
  (case-lambda
    ((f list1)
     (let loop ((l list1))
       (if (pair? l)
           (let ((rest (cdr l)))
             (f l)
             (loop rest))
           (%check-end "pair-for-each" l))))
    ((f list1 . more)
     (let loop ((lists (cons list1 more)))
       (if (%at-end? "pair-for-each" lists)
           (void)
           (let ((rests (%cdrs lists)))
             (apply f lists)
             (loop rests)))))))

;; (append-map f list1 list2 ...): the lists that `f` gives, appended.
(define append-map
  (case-lambda
    ((f list1)
     (let loop ((l list1))
       (if (pair? l)
           (let ((part (f (car l))) (rest (cdr l)))
             (if (pair? rest)
                 (%append2 part (loop rest))
                 (begin (%check-end "append-map" rest) part)))
           (begin (%check-end "append-map" l) '()))))
    ((f list1 . more) (concatenate (apply map f list1 more)))))

;; (filter-map f list1 list2 ...): the results of `f` that are not #f.
(define filter-map
  (case-lambda
    ((f list1)
     (let loop ((l list1))
       (if (pair? l)
           (let ((v (f (car l))))
             (if v (cons v (loop (cdr l))) (loop (cdr l))))
           (begin (%check-end "filter-map" l) '()))))
    ((f list1 . more) (filter identity (apply map f list1 more)))))

;;; ---- selection --------------------------------------------------------

;; (filter pred list): the elements that satisfy `pred`, in order.
(define (filter pred l)
  (let loop ((l l))
    (if (pair? l)
        (let ((x (car l)))
          (if (pred x) (cons x (loop (cdr l))) (loop (cdr l))))
        (begin (%check-end "filter" l) '()))))

;; (remove pred list): the elements that do not satisfy `pred`, in order.
(define (remove pred l)
  (let loop ((l l))
    (if (pair? l)
        (let ((x (car l)))
          (if (pred x) (loop (cdr l)) (cons x (loop (cdr l)))))
        (begin (%check-end "remove" l) '()))))

;; (partition pred list): two values: the elements that satisfy `pred`, and the
;; others, both in order.
(define (partition pred l)
  (let loop ((l l) (in '()) (out '()))
    (if (pair? l)
        (let ((x (car l)))
          (if (pred x)
              (loop (cdr l) (cons x in) out)
              (loop (cdr l) in (cons x out))))
        (begin (%check-end "partition" l)
               (values (reverse in) (reverse out))))))

;; (delete x list [same?]): the list without the elements equal to `x`.
(define delete
  (case-lambda
    ((x l) (remove (lambda (y) (equal? x y)) l))
    ((x l same?) (remove (lambda (y) (same? x y)) l))))

;; (delete-duplicates list [same?]): of equal elements only the first stays.
(define delete-duplicates
  (case-lambda
    ((l) (%delete-duplicates l (lambda (x y) (equal? x y))))
    ((l same?) (%delete-duplicates l same?))))

(define (%delete-duplicates l same?)
  (let loop ((l l) (seen '()))
    (if (pair? l)
        (let ((x (car l)))
          (if (any (lambda (y) (same? y x)) seen)
              (loop (cdr l) seen)
              (loop (cdr l) (cons x seen))))
        (begin (%check-end "delete-duplicates" l) (reverse seen)))))

;;; ---- searching --------------------------------------------------------

;; (find pred list): the first element that satisfies `pred`, or #f.
(define (find pred l)
  (let loop ((l l))
    (if (pair? l)
        (let ((x (car l)))
          (if (pred x) x (loop (cdr l))))
        (begin (%check-end "find" l) #f))))

;; (find-tail pred list): the tail that begins with that element, or #f.
(define (find-tail pred l)
  (let loop ((l l))
    (if (pair? l)
        (if (pred (car l)) l (loop (cdr l)))
        (begin (%check-end "find-tail" l) #f))))

;; (list-index pred list1 list2 ...): index of the first elements that satisfy
;; `pred`, or #f.
(define list-index
  (case-lambda
    ((pred list1)
     (let loop ((l list1) (i 0))
       (if (pair? l)
           (if (pred (car l)) i (loop (cdr l) (+ i 1)))
           (begin (%check-end "list-index" l) #f))))
    ((pred list1 . more)
     (let loop ((lists (cons list1 more)) (i 0))
       (cond ((%at-end? "list-index" lists) #f)
             ((apply pred (%cars lists)) i)
             (else (loop (%cdrs lists) (+ i 1))))))))

;; (any pred list1 list2 ...): the first result of `pred` that is not #f, or #f.
;; The last call is in tail position.
(define any
  (case-lambda
    ((pred list1)
     (if (pair? list1)
         (let loop ((x (car list1)) (rest (cdr list1)))
           (if (pair? rest)
               (or (pred x) (loop (car rest) (cdr rest)))
               (begin (%check-end "any" rest) (pred x))))
         (begin (%check-end "any" list1) #f)))
    ((pred list1 . more)
     (if (%at-end? "any" (cons list1 more))
         #f
         (let loop ((lists (cons list1 more)))
           (let ((rests (%cdrs lists)))
             (if (%at-end? "any" rests)
                 (apply pred (%cars lists))
                 (or (apply pred (%cars lists)) (loop rests)))))))))

;; (every pred list1 list2 ...): #f as soon as `pred` gives it, else the last
;; result, or #t. The last call is in tail position.
(define every
  (case-lambda
    ((pred list1)
     (if (pair? list1)
         (let loop ((x (car list1)) (rest (cdr list1)))
           (if (pair? rest)
               (and (pred x) (loop (car rest) (cdr rest)))
               (begin (%check-end "every" rest) (pred x))))
         (begin (%check-end "every" list1) #t)))
    ((pred list1 . more)
     (if (%at-end? "every" (cons list1 more))
         #t
         (let loop ((lists (cons list1 more)))
           (let ((rests (%cdrs lists)))
             (if (%at-end? "every" rests)
                 (apply pred (%cars lists))
                 (and (apply pred (%cars lists)) (loop rests)))))))))

;; (count pred list1 list2 ...): how many elements satisfy `pred`.
(define count
  (case-lambda
    ((pred list1)
     (let loop ((l list1) (n 0))
       (if (pair? l)
           (loop (cdr l) (if (pred (car l)) (+ n 1) n))
           (begin (%check-end "count" l) n))))
    ((pred list1 . more)
     (let loop ((lists (cons list1 more)) (n 0))
       (if (%at-end? "count" lists)
           n
           (loop (%cdrs lists) (if (apply pred (%cars lists)) (+ n 1) n)))))))

;; (member x list [same?]): the tail that begins with an element equal to `x`,
;; or #f.
(define-inline member
  (case-lambda
    ((x l) (%member x l))
    ((x l same?) (find-tail (lambda (y) (same? x y)) l))))

;; (assoc key alist [same?]): the first pair whose car is equal to `key`, or #f.
;; Error: an element in front of it is no pair.
(define-inline assoc
  (case-lambda
    ((key alist) (%assoc key alist))
    ((key alist same?) (find (lambda (entry) (same? key (car entry))) alist))))

;; (alist-cons key value alist): (key . value) in front of `alist`.
(define-inline (alist-cons key value alist) (cons (cons key value) alist))

;; (alist-copy alist): new list of new pairs.
(define (alist-copy alist)
  (map (lambda (entry) (cons (car entry) (cdr entry))) alist))

;; (alist-delete key alist [same?]): the alist without the pairs of `key`.
(define alist-delete
  (case-lambda
    ((key alist) (remove (lambda (entry) (equal? key (car entry))) alist))
    ((key alist same?) (remove (lambda (entry) (same? key (car entry))) alist))))

;;; ---- predicates -------------------------------------------------------

;; (proper-list? obj): as list?.
(define-inline (proper-list? obj) (list? obj))

;; (null-list? list): whether the list is empty. Error: not a list.
(define (null-list? l)
  (cond ((pair? l) #f) ((null? l) #t) (else (%wrong-type "null-list?" l))))

;; (not-pair? obj), (atom? obj): whether `obj` is no pair.
(define-inline (not-pair? obj) (not (pair? obj)))
(define-inline (atom? obj) (not (pair? obj)))

;;; ---- sets as lists ----------------------------------------------------

;; (lset-adjoin same? list x ...): the list with those elements it lacks.
(define (lset-adjoin same? l . xs)
  (fold (lambda (x l) (if (any (lambda (y) (same? y x)) l) l (cons x l))) l xs))

;; (lset-union same? list ...), (lset-intersection same? list1 list2 ...),
;; (lset-difference same? list1 list2 ...): as their names say.
(define (lset-union same? . lists)
  (if (null? lists)
      '()
      (fold (lambda (l result) (apply lset-adjoin same? result l)) (car lists) (cdr lists))))
(define (lset-intersection same? l . others)
  (filter (lambda (x) (every (lambda (other) (any (lambda (y) (same? x y)) other)) others)) l))
(define (lset-difference same? l . others)
  (remove (lambda (x) (any (lambda (other) (any (lambda (y) (same? x y)) other)) others)) l))

;;; ---- sorting ----------------------------------------------------------

;; (%merge less? a b): two sorted lists into one; of equal elements those of `a`
;; come first.
(define (%merge less? a b)
  (let merge ((a a) (b b))
    (cond ((null? a) b)
          ((null? b) a)
          ((less? (car b) (car a)) (cons (car b) (merge a (cdr b))))
          (else (cons (car a) (merge (cdr a) b))))))

;; (list-sort less? list): the elements in increasing order by `less?`; a stable
;; merge sort. Error: not a list.
(define (list-sort less? l)
  (if (list? l) (void) (%wrong-type "list-sort" l))
  (let step ((l l) (n (length l)))
    (cond ((> n 2)
           (let* ((half (quotient n 2))
                  (a (step l half))
                  (b (step (list-tail l half) (- n half))))
             (%merge less? a b)))
          ((= n 2)
           (let ((x (car l)) (y (cadr l)))
             (if (less? y x) (list y x) (list x y))))
          ((= n 1) (list (car l)))
          (else '()))))

;; (sort sequence less? [key]): a sorted copy of a list or vector, stable. Where `key` is given, `less?` gets what it
;; gives of the elements, once for each. Error: another object.
(define sort
  (case-lambda
    ((sequence less?)
     (cond ((vector? sequence) (vector-sort less? sequence))
           ((list? sequence) (list-sort less? sequence))
           (else (%wrong-type "sort" sequence))))
    ((sequence less? key)
     (cond ((vector? sequence) (list->vector (%sort-by key less? (vector->list sequence))))
           ((list? sequence) (%sort-by key less? sequence))
           (else (%wrong-type "sort" sequence))))))

(define (%sort-by key less? l)
  (map (lambda (entry) (cdr entry))
       (list-sort (lambda (a b) (less? (car a) (car b)))
                  (map (lambda (x) (cons (key x) x)) l))))

;; (sorted? sequence less? [key]): whether no element of the list or vector is `less?` than the one in front of it.
(define sorted?
  (case-lambda
    ((sequence less?) (%sorted? less? (if (vector? sequence) (vector->list sequence) sequence)))
    ((sequence less? key)
     (%sorted? (lambda (a b) (less? (key a) (key b))) (if (vector? sequence) (vector->list sequence) sequence)))))

(define (%sorted? less? l)
  (if (list? l) (void) (%wrong-type "sorted?" l))
  (or (null? l)
      (let loop ((x (car l)) (rest (cdr l)))
        (cond ((null? rest) #t)
              ((less? (car rest) x) #f)
              (else (loop (car rest) (cdr rest)))))))

;; (merge list1 list2 less? [key]): two sorted lists as one; of equal elements those of `list1` come first. Error: not a list.
(define merge
  (case-lambda
    ((a b less?)
     (if (list? a) (void) (%wrong-type "merge" a))
     (if (list? b) (void) (%wrong-type "merge" b))
     (%merge less? a b))
    ((a b less? key) (merge a b (lambda (x y) (less? (key x) (key y)))))))
