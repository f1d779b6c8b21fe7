;;; collection.scm: sets, queues, vectors that can be extended, and dictionaries in
;;; the order of their keys. All are values: an operation that changes one gives
;;; another, and they travel between nodes.

;;; ---- sets: dictionaries without values --------------------------------

(define-record-type <set> (%make-set dict) set? (dict %set-dict))

;; (set obj ...), (list->set list): a set of these objects, compared by equal?.
;; Operations on one element and set-size: time for a set of n elements O(log n).
(define (set . objs) (list->set objs))
(define (list->set objs)
  (%check-list "list->set" objs)
  (%make-set (fold (lambda (obj d) (%dict-set d obj #t)) %empty-dict objs)))

(define (%set-of who s) (if (set? s) (%set-dict s) (%wrong-type who s)))

;; (set-add set obj), (set-remove set obj): with it, without it. (set-member? set
;; obj), (set-size set), (set-empty? set). Error: not a set.
(define (set-add s obj) (%make-set (%dict-set (%set-of "set-add" s) obj #t)))
(define (set-remove s obj) (%make-set (%dict-delete (%set-of "set-remove" s) obj)))
(define (set-member? s obj) (%dict-ref (%set-of "set-member?" s) obj #f))
(define (set-size s) (%set-size "set-size" s))
(define (set-empty? s) (= (%set-size "set-empty?" s) 0))
(define (%set-size who s) (%dict-count (%set-of who s)))

;; (set-fold proc init set): (proc element state) over all, in an order that is the
;; same on every node. (set->list set): the elements.
(define (set-fold proc init s)
  (%set-fold proc init (%set-of "set-fold" s)))
(define (%set-fold proc init d)
  (%dict-fold (lambda (entry state) (proc (car entry) state)) init d))
(define (set->list s) (%set-fold cons '() (%set-of "set->list" s)))

;; (set-union set1 set2 ...), (set-intersection set1 set2 ...), (set-difference set1 set2 ...) (of set1, without those of
;; the others), (set=? set1 set2 ...), (subset? set1 set2). Error: not a set.
(define set-union
  (case-lambda
    ((a b) (%set-union a b))
    ((a . others) (%set-of "set-union" a) (fold-left (lambda (a b) (%set-union a b)) a others))))
(define set-intersection
  (case-lambda
    ((a b) (%set-intersection a b))
    ((a . others)
     (%set-of "set-intersection" a)
     (fold-left (lambda (a b) (%set-intersection a b)) a others))))
(define set-difference
  (case-lambda
    ((a b) (%set-minus a b))
    ((a . others) (%set-of "set-difference" a) (fold-left (lambda (a b) (%set-minus a b)) a others))))
(define (subset? a b)
  (and (<= (%set-size "subset?" a) (%set-size "subset?" b))
       (every (lambda (obj) (set-member? b obj)) (set->list a))))
(define (set=? a . others)
  (let ((n (%set-size "set=?" a)))
    (fold-left (lambda (result b) (and (= n (%set-size "set=?" b)) result (subset? a b))) #t others)))

(define (%set-union a b)
  (let* ((m (%set-size "set-union" a)) (n (%set-size "set-union" b))
         (large (if (< m n) b a)) (small (if (< m n) a b)))
    (set-fold (lambda (obj s) (set-add s obj)) large small)))
(define (%set-intersection a b)
  (let* ((m (%set-size "set-intersection" a)) (n (%set-size "set-intersection" b))
         (large (if (< m n) b a)) (small (if (< m n) a b)))
    (set-fold (lambda (obj s) (if (set-member? large obj) s (set-remove s obj))) small small)))
(define (%set-minus a b)
  (%set-of "set-difference" a)
  (%set-of "set-difference" b)
  (set-fold (lambda (obj s) (if (set-member? b obj) (set-remove s obj) s)) a a))

;;; ---- queues -----------------------------------------------------------
;;; Two lists: the front in order, the back reversed; the front is empty only when
;;; all is. A push and a rest take O(1) on average over a queue's life.

(define-record-type <queue> (%make-queue front back size) queue?
  (front %queue-front) (back %queue-back) (size %queue-length))

;; (queue obj ...), (list->queue list): a queue of these, the first one in front. Error: not
;; a list.
(define (queue . objs) (list->queue objs))
(define (list->queue objs)
  (%check-list "list->queue" objs)
  (%make-queue objs '() (length objs)))

;; (queue-push queue obj): with `obj` at its end. (queue-first queue): the element
;; in front. (queue-rest queue): without that. (queue-empty? queue), (queue-size
;; queue), (queue->list queue). Error: not a queue; empty.
(define (queue-push q obj)
  (if (= (%queue-size "queue-push" q) 0)
      (%make-queue (list obj) '() 1)
      (%make-queue (%queue-front q) (cons obj (%queue-back q)) (+ 1 (%queue-length q)))))
(define (queue-first q) (car (%front-of "queue-first" q)))
(define (queue-rest q)
  (let ((rest (cdr (%front-of "queue-rest" q))) (size (- (%queue-length q) 1)))
    (if (null? rest)
        (%make-queue (reverse (%queue-back q)) '() size)
        (%make-queue rest (%queue-back q) size))))
(define (queue-empty? q) (= (%queue-size "queue-empty?" q) 0))
(define (queue-size q) (%queue-size "queue-size" q))
(define (queue->list q)
  (%queue-size "queue->list" q)
  (append (%queue-front q) (reverse (%queue-back q))))

(define (%queue-size who q) (if (queue? q) (%queue-length q) (%wrong-type who q)))
(define (%front-of who q)
  (if (= (%queue-size who q) 0) (error (string-append who ": the queue is empty")) (%queue-front q)))

;;; ---- vectors that can be extended -------------------------------------
;;; A tree of vectors with 16 children each; height 0: the root holds elements. All
;;; nodes but those on the right edge are full. Access and change: O(log16 n).

(define-record-type <pvector> (%make-pvector size height root) pvector?
  (size %pvector-size) (height %pvector-height) (root %pvector-root))

(define %empty-pvector (%make-pvector 0 0 (vector)))

;; (pvector obj ...), (list->pvector list): a persistent vector of these. Error: not a list.
(define (pvector . objs) (list->pvector objs))
(define (list->pvector objs)
  (%check-list "list->pvector" objs)
  (fold (lambda (obj v) (pvector-push v obj)) %empty-pvector objs))

(define-inline (%digit index height)
  (%bitwise-and 15 (arithmetic-shift index (* -4 height))))
(define-inline (%capacity height) (arithmetic-shift 16 (* 4 height)))

(define (%pvector-index who v index)
  (cond ((not (pvector? v)) (%wrong-type who v))
        ((not (exact-integer? index)) (%wrong-type who index))
        ((and (<= 0 index) (< index (pvector-length v))) index)
        (else (%out-of-range who index))))

;; (pvector-ref v index): an element. (pvector-set v index obj): with another
;; element there. (pvector-push v obj): with one more at the end. (pvector-pop v):
;; without the last. (pvector-length v). Error: not such a vector; no such index.
(define (pvector-ref v index)
  (let ((index (%pvector-index "pvector-ref" v index)))
    (let loop ((node (%pvector-root v)) (height (%pvector-height v)))
      (let ((child (vector-ref node (%digit index height))))
        (if (= height 0) child (loop child (- height 1)))))))

(define (pvector-set v index obj)
  (let ((index (%pvector-index "pvector-set" v index)))
    (%make-pvector
     (%pvector-size v) (%pvector-height v)
     (let loop ((node (%pvector-root v)) (height (%pvector-height v)))
       (let ((digit (%digit index height)))
         (%vector-with node digit
                       (if (= height 0) obj (loop (vector-ref node digit) (- height 1)))))))))

(define (pvector-length v) (%pvector-length "pvector-length" v))
(define (%pvector-length who v) (if (pvector? v) (%pvector-size v) (%wrong-type who v)))

(define (pvector-push v obj)
  (let ((size (%pvector-length "pvector-push" v)) (height (%pvector-height v)) (root (%pvector-root v)))
    (if (= size (%capacity height))
        (%make-pvector (+ size 1) (+ height 1) (%tree-push (vector root) size (+ height 1) obj))
        (%make-pvector (+ size 1) height (%tree-push root size height obj)))))

;; The tree with `obj` at `index`, the first one that is free.
(define (%tree-push node index height obj)
  (let ((digit (%digit index height)))
    (cond ((= height 0) (vector-append node (vector obj)))
          ((= digit (vector-length node))
           (vector-append node (vector (%tree-push (vector) index (- height 1) obj))))
          (else
           (%vector-with node digit (%tree-push (vector-ref node digit) index (- height 1) obj))))))

(define (pvector-pop v)
  (let ((size (%pvector-length "pvector-pop" v)))
    (if (= size 0) (error "pvector-pop: the vector is empty") (void))
    (let ((root (%tree-pop (%pvector-root v) (- size 1) (%pvector-height v))) (height (%pvector-height v)))
      (if (and (> height 0) (= (vector-length root) 1))
          (%make-pvector (- size 1) (- height 1) (vector-ref root 0))
          (%make-pvector (- size 1) height root)))))

(define (%tree-pop node index height)
  (let ((digit (%digit index height)))
    (if (= height 0)
        (vector-copy node 0 digit)
        (let ((child (%tree-pop (vector-ref node digit) index (- height 1))))
          (if (= (vector-length child) 0)
              (vector-copy node 0 digit)
              (%vector-with node digit child))))))

;; (pvector-fold proc init v): (proc element state) over all, in order.
;; (pvector->list v), (pvector-map proc v), (pvector-for-each proc v). Error: not such a
;; vector.
(define (pvector-fold proc init v) (%pvector-fold "pvector-fold" proc init v))
(define (%pvector-fold who proc init v)
  (if (pvector? v) (void) (%wrong-type who v))
  (let walk ((node (%pvector-root v)) (height (%pvector-height v)) (state init))
    (let loop ((i 0) (state state))
      (if (= i (vector-length node))
          state
          (loop (+ i 1)
                (if (= height 0)
                    (proc (vector-ref node i) state)
                    (walk (vector-ref node i) (- height 1) state)))))))
(define (pvector->list v) (reverse (%pvector-fold "pvector->list" cons '() v)))
(define (pvector-map proc v)
  (%pvector-fold "pvector-map" (lambda (obj new) (pvector-push new (proc obj))) %empty-pvector v))
(define (pvector-for-each proc v)
  (%pvector-fold "pvector-for-each" (lambda (obj state) (proc obj) state) (void) v))

;;; ---- dictionaries in the order of their keys --------------------------
;;; An AVL tree under a `less?` that the program gives.

(define-record-type <ordered-dict> (%make-ordered less? size root) ordered-dict?
  (less? %ordered-less?) (size %ordered-size) (root %ordered-root))
(define (%check-ordered who d) (if (ordered-dict? d) (void) (%wrong-type who d)))
(define-record-type <ordered-node> (%make-branch key value left right height) %branch?
  (key %branch-key) (value %branch-value) (left %branch-left) (right %branch-right)
  (height %branch-height))

;; (ordered-dict [less?]): an empty dictionary with the keys in that order (<).
;; (less? a b): a strict order of all keys that are put in.
(define ordered-dict
  (case-lambda
    (() (%make-ordered < 0 #f))
    ((less?) (if (procedure? less?) (%make-ordered less? 0 #f) (%wrong-type "ordered-dict" less?)))))

(define-inline (%branch-size-height branch) (if branch (%branch-height branch) 0))
(define (%branch key value left right)
  (%make-branch key value left right
                (+ 1 (max (%branch-size-height left) (%branch-size-height right)))))

;; A branch whose sides differ in height by at most two, rebalanced.
(define (%balanced key value left right)
  (let ((lean (- (%branch-size-height left) (%branch-size-height right))))
    (cond ((> lean 1) (%rotate-right key value left right))
          ((< lean -1) (%rotate-left key value left right))
          (else (%branch key value left right)))))

(define (%rotate-right key value left right)
  (let ((k (%branch-key left)) (v (%branch-value left)) (ll (%branch-left left)) (lr (%branch-right left)))
    (if (>= (%branch-size-height ll) (%branch-size-height lr))
        (%branch k v ll (%branch key value lr right))
        (%branch (%branch-key lr) (%branch-value lr)
                 (%branch k v ll (%branch-left lr))
                 (%branch key value (%branch-right lr) right)))))

(define (%rotate-left key value left right)
  (let ((k (%branch-key right)) (v (%branch-value right)) (rl (%branch-left right)) (rr (%branch-right right)))
    (if (>= (%branch-size-height rr) (%branch-size-height rl))
        (%branch k v (%branch key value left rl) rr)
        (%branch (%branch-key rl) (%branch-value rl)
                 (%branch key value left (%branch-left rl))
                 (%branch k v (%branch-right rl) rr)))))

;; The branch of a key, or #f.
(define (%branch-find less? key branch)
  (cond ((not branch) #f)
        ((less? key (%branch-key branch)) (%branch-find less? key (%branch-left branch)))
        ((less? (%branch-key branch) key) (%branch-find less? key (%branch-right branch)))
        (else branch)))

(define (%branch-put less? key value branch)
  (if (not branch)
      (%branch key value #f #f)
      (let ((k (%branch-key branch)) (v (%branch-value branch))
            (left (%branch-left branch)) (right (%branch-right branch)))
        (cond ((less? key k) (%balanced k v (%branch-put less? key value left) right))
              ((less? k key) (%balanced k v left (%branch-put less? key value right)))
              (else (%branch key value left right))))))

(define (%branch-drop less? key branch)
  (let ((k (%branch-key branch)) (v (%branch-value branch))
        (left (%branch-left branch)) (right (%branch-right branch)))
    (cond ((less? key k) (%balanced k v (%branch-drop less? key left) right))
          ((less? k key) (%balanced k v left (%branch-drop less? key right)))
          ((not left) right)
          ((not right) left)
          (else
           (let ((next (%first-branch right)))
             (%balanced (%branch-key next) (%branch-value next)
                        left (%branch-drop less? (%branch-key next) right)))))))

(define (%first-branch branch) (if (%branch-left branch) (%first-branch (%branch-left branch)) branch))
(define (%last-branch branch) (if (%branch-right branch) (%last-branch (%branch-right branch)) branch))

;; (ordered-dict-ref d key [default]): the value of `key`, or `default` (#f).
;; (ordered-dict-set d key value), (ordered-dict-delete d key): with it, without it.
;; (ordered-dict-size d). Error: not an ordered dictionary; what `less?` raises.
(define ordered-dict-ref
  (case-lambda
    ((d key) (ordered-dict-ref d key #f))
    ((d key default)
     (%check-ordered "ordered-dict-ref" d)
     (let ((branch (%branch-find (%ordered-less? d) key (%ordered-root d))))
       (if branch (%branch-value branch) default)))))
(define (ordered-dict-set d key value)
  (%check-ordered "ordered-dict-set" d)
  (%ordered-set d key value))
(define (%ordered-set d key value)
  (let ((less? (%ordered-less? d)))
    (%make-ordered less?
                   (if (%branch-find less? key (%ordered-root d)) (%ordered-size d) (+ 1 (%ordered-size d)))
                   (%branch-put less? key value (%ordered-root d)))))
(define (ordered-dict-delete d key)
  (%check-ordered "ordered-dict-delete" d)
  (let ((less? (%ordered-less? d)))
    (if (%branch-find less? key (%ordered-root d))
        (%make-ordered less? (- (%ordered-size d) 1) (%branch-drop less? key (%ordered-root d)))
        d)))
(define (ordered-dict-size d)
  (%check-ordered "ordered-dict-size" d)
  (%ordered-size d))

;; (ordered-dict-first d), (ordered-dict-last d): the entry (key . value) with the
;; least, greatest key, or #f when it is empty.
(define (ordered-dict-first d) (%entry-of "ordered-dict-first" %first-branch d))
(define (ordered-dict-last d) (%entry-of "ordered-dict-last" %last-branch d))
(define (%entry-of who find d)
  (%check-ordered who d)
  (if (%ordered-root d)
      (let ((branch (find (%ordered-root d))))
        (cons (%branch-key branch) (%branch-value branch)))
      #f))

;; (ordered-dict-fold proc init d): (proc key value state) in the order of the keys.
;; (ordered-dict-range d from to): the entries with from <= key < to, in order.
;; (ordered-dict->list d): all. (list->ordered-dict alist [less?]). Error: not an ordered
;; dictionary; not a list of pairs; not a procedure.
(define (ordered-dict-fold proc init d)
  (%check-ordered "ordered-dict-fold" d)
  (%ordered-fold proc init d))
(define (%ordered-fold proc init d)
  (let walk ((branch (%ordered-root d)) (state init))
    (if branch
        (walk (%branch-right branch)
              (proc (%branch-key branch) (%branch-value branch) (walk (%branch-left branch) state)))
        state)))
(define (ordered-dict->list d)
  (%check-ordered "ordered-dict->list" d)
  (reverse (%ordered-fold (lambda (key value list) (cons (cons key value) list)) '() d)))
(define (ordered-dict-range d from to)
  (%check-ordered "ordered-dict-range" d)
  (let ((less? (%ordered-less? d)))
    (reverse
     (let walk ((branch (%ordered-root d)) (entries '()))
       (if (not branch)
           entries
           (let* ((key (%branch-key branch)) (low (less? key from)) (high (not (less? key to)))
                  (entries (if low entries (walk (%branch-left branch) entries)))
                  (entries (if (or low high) entries (cons (cons key (%branch-value branch)) entries))))
             (if high entries (walk (%branch-right branch) entries))))))))
(define list->ordered-dict
  (case-lambda
    ((alist) (list->ordered-dict alist <))
    ((alist less?)
     (%check-pairs "list->ordered-dict" alist)
     (%check-procedure "list->ordered-dict" less?)
     (fold (lambda (entry d) (%ordered-set d (car entry) (cdr entry))) (ordered-dict less?) alist))))
