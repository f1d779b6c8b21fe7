;;; data.scm: state behind processes (cells, dictionaries, bags) and the
;;; persistent dictionary.

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

;;; ---- persistent dictionaries ------------------------------------------
;;;
;;; An AVL tree ordered by the hash of the keys; a node has the association list
;;; of all keys of one hash. Hashes are the same on every node of a cluster.

(define-record-type <dict> (%make-dict count root) %dict? (count %dict-count) (root %dict-root))
(define-record-type <dict-node>
  (%make-node hash entries left right height) %node?
  (hash %node-hash) (entries %node-entries)
  (left %node-left) (right %node-right) (height %node-height))

(define %empty-dict (%make-dict 0 #f))

(define-inline (%height tree) (if tree (%node-height tree) 0))
(define (%node hash entries left right)
  (%make-node hash entries left right (+ 1 (max (%height left) (%height right)))))

;; A node whose sides differ in height by at most two, rebalanced.
(define (%balanced hash entries left right)
  (let ((lean (- (%height left) (%height right))))
    (cond ((> lean 1) (%rotate-right hash entries left right))
          ((< lean -1) (%rotate-left hash entries left right))
          (else (%node hash entries left right)))))

(define (%rotate-right hash entries left right)
  (let ((h (%node-hash left)) (e (%node-entries left)) (ll (%node-left left)) (lr (%node-right left)))
    (if (>= (%height ll) (%height lr))
        (%node h e ll (%node hash entries lr right))
        (%node (%node-hash lr) (%node-entries lr)
               (%node h e ll (%node-left lr))
               (%node hash entries (%node-right lr) right)))))

(define (%rotate-left hash entries left right)
  (let ((h (%node-hash right)) (e (%node-entries right)) (rl (%node-left right)) (rr (%node-right right)))
    (if (>= (%height rr) (%height rl))
        (%node h e (%node hash entries left rl) rr)
        (%node (%node-hash rl) (%node-entries rl)
               (%node hash entries left (%node-left rl))
               (%node h e (%node-right rl) rr)))))

;; (%tree-entries tree hash): association list of the keys with that hash.
(define (%tree-entries tree hash)
  (cond ((not tree) '())
        ((< hash (%node-hash tree)) (%tree-entries (%node-left tree) hash))
        ((> hash (%node-hash tree)) (%tree-entries (%node-right tree) hash))
        (else (%node-entries tree))))

;; (%tree-put tree hash entries): the tree with these entries for that hash.
(define (%tree-put tree hash entries)
  (if (not tree)
      (%node hash entries #f #f)
      (let ((h (%node-hash tree)) (e (%node-entries tree))
            (left (%node-left tree)) (right (%node-right tree)))
        (cond ((< hash h) (%balanced h e (%tree-put left hash entries) right))
              ((> hash h) (%balanced h e left (%tree-put right hash entries)))
              (else (%node h entries left right))))))

;; (%tree-drop tree hash): the tree without that hash.
(define (%tree-drop tree hash)
  (if (not tree)
      #f
      (let ((h (%node-hash tree)) (e (%node-entries tree))
            (left (%node-left tree)) (right (%node-right tree)))
        (cond ((< hash h) (%balanced h e (%tree-drop left hash) right))
              ((> hash h) (%balanced h e left (%tree-drop right hash)))
              ((not left) right)
              ((not right) left)
              (else
               (let ((next (%tree-first right)))
                 (%balanced (%node-hash next) (%node-entries next)
                            left (%tree-drop right (%node-hash next)))))))))

(define (%tree-first tree)
  (if (%node-left tree) (%tree-first (%node-left tree)) tree))

;; (%tree-fold f state tree): (f entry state) for every (key . value) pair.
(define (%tree-fold f state tree)
  (if tree
      (let* ((state (%tree-fold f state (%node-left tree)))
             (state (fold f state (%node-entries tree))))
        (%tree-fold f state (%node-right tree)))
      state))

(define (%entries-without key entries)
  (cond ((null? entries) '())
        ((equal? key (caar entries)) (cdr entries))
        (else (cons (car entries) (%entries-without key (cdr entries))))))

(define (%dict-set d key value)
  (let* ((hash (%hash key))
         (entries (%tree-entries (%dict-root d) hash))
         (entry (%assoc key entries))
         (others (if entry (%entries-without key entries) entries)))
    (%make-dict (if entry (%dict-count d) (+ 1 (%dict-count d)))
                (%tree-put (%dict-root d) hash (cons (cons key value) others)))))

(define (%dict-delete d key)
  (let* ((hash (%hash key))
         (entries (%tree-entries (%dict-root d) hash)))
    (if (%assoc key entries)
        (let ((others (%entries-without key entries)))
          (%make-dict (- (%dict-count d) 1)
                      (if (null? others)
                          (%tree-drop (%dict-root d) hash)
                          (%tree-put (%dict-root d) hash others))))
        d)))

(define (%dict-ref d key default)
  (let ((entry (%assoc key (%tree-entries (%dict-root d) (%hash key)))))
    (if entry (cdr entry) default)))

;;; ---- dictionaries of both kinds ---------------------------------------

;; (dict key value ...): a persistent dictionary with these entries.
(define dict
  (case-lambda
    (() %empty-dict)
    (entries
     (let loop ((d %empty-dict) (rest entries))
       (cond ((null? rest) d)
             ((null? (cdr rest)) (%wrong-type "dict" entries))
             (else (loop (%dict-set d (car rest) (cadr rest)) (cddr rest))))))))

;; (make-dict): a dictionary behind a process, empty.
(define (make-dict)
  (spawn
   (lambda ()
     (let loop ((d %empty-dict))
       (recv
        ((from tag ('dict-ref key default))
         (! from (list tag (%dict-ref d key default)))
         (loop d))
        ((from tag ('dict-length)) (! from (list tag (%dict-count d))) (loop d))
        ((from tag ('dict-content)) (! from (list tag d)) (loop d))
        ((from tag ('dict?)) (! from (list tag #t)) (loop d))
        (('dict-set! key value) (loop (%dict-set d key value)))
        (('dict-delete! key) (loop (%dict-delete d key))))))))

;; The content of a dictionary of either kind.
(define (%dict-content who d)
  (cond ((%dict? d) d)
        ((pid? d) (!? d '(dict-content)))
        (else (%wrong-type who d))))

;; (dict? obj): whether `obj` is a dictionary; a process has a second to say so.
(define (dict? obj)
  (or (%dict? obj)
      (and (pid? obj) (!? obj '(dict?) 1 #f))))

;; (dict-ref dict key [default]): the value of `key`, or `default` (#f). Error:
;; not a dictionary.
(define dict-ref
  (case-lambda
    ((d key) (dict-ref d key #f))
    ((d key default)
     (cond ((%dict? d) (%dict-ref d key default))
           ((pid? d) (!? d (list 'dict-ref key default)))
           (else (%wrong-type "dict-ref" d))))))

;; (dict-set dict key value): a persistent dictionary with the entries of `dict`
;; and this one. (dict-delete dict key): without that of `key`. Error: not a
;; dictionary.
(define (dict-set d key value) (%dict-set (%dict-content "dict-set" d) key value))
(define (dict-delete d key) (%dict-delete (%dict-content "dict-delete" d) key))

;; (dict-set! dict key [value]): set the entry in a dictionary behind a process;
;; without value as dict-delete!. (dict-delete! dict key): remove it. Error: no
;; pid.
(define dict-set!
  (case-lambda
    ((d key value) (! d (list 'dict-set! key value)))
    ((d key) (dict-delete! d key))))
(define (dict-delete! d key) (! d (list 'dict-delete! key)))

;; (dict-length dict): number of entries. Error: not a dictionary.
(define (dict-length d)
  (if (pid? d)
      (!? d '(dict-length))
      (%dict-count (%dict-content "dict-length" d))))

;; (dict->list dict): the (key . value) pairs, in no particular order. (list->dict
;; alist): a persistent dictionary. Error: not a dictionary.
(define (dict->list d)
  (%tree-fold cons '() (%dict-root (%dict-content "dict->list" d))))
(define (list->dict alist)
  (fold (lambda (entry d) (%dict-set d (car entry) (cdr entry))) %empty-dict alist))

;; (dict-keys dict), (dict-values dict): of all entries.
(define (dict-keys d) (map car (dict->list d)))
(define (dict-values d) (map cdr (dict->list d)))

;; (dict-for-each proc dict): call (proc key value) for all entries.
(define (dict-for-each proc d)
  (for-each (lambda (entry) (proc (car entry) (cdr entry))) (dict->list d)))

;; (dict-search proc dict): the first result of (proc key value) that is not #f,
;; or #f.
(define (dict-search proc d)
  (any (lambda (entry) (proc (car entry) (cdr entry))) (dict->list d)))

;; (dict-fold proc init dict): (proc key value state) over all entries.
(define (dict-fold proc init d)
  (fold (lambda (entry state) (proc (car entry) (cdr entry) state)) init (dict->list d)))

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
