;;; dict.scm: dictionaries: persistent ones, which are values, and those behind a
;;; process, which can be changed.

;;; ---- the hash trie ----------------------------------------------------
;;;
;;; A dictionary is a record with the root of a hash trie (rt/obj/trie.h): a child
;;; of a node is an entry (key . value), another node, or, when all bits of the hash
;;; are used up, a list of entries in a box-like record. A node that is not the root
;;; has at least two entries below. Hashes are the same on every node of a cluster.

(define-record-type <dict> (%make-dict root) %dict? (root %dict-root))
(define-record-type <dict-clash> (%make-clash entries) %clash? (entries %clash-entries))

(define %empty-node (vector 0 0))
(define %empty-dict (%make-dict %empty-node))
(define %trie-levels 8)

(define-inline (%dict-count d) (vector-ref (%dict-root d) 1))

(define (%dict-ref d key default)
  (let ((leaf (%trie-leaf (%dict-root d) (%hash key))))
    (cond ((pair? leaf)
           (if (or (eq? key (car leaf)) (equal? key (car leaf))) (cdr leaf) default))
          ((%clash? leaf)
           (let ((entry (%assoc key (%clash-entries leaf))))
             (if entry (cdr entry) default)))
          (else default))))

(define (%dict-set d key value)
  (%make-dict (%trie-add (%dict-root d) (%hash key) 0 (cons key value))))

(define (%trie-add node hash level entry)
  (let ((child (%trie-ref node hash level)))
    (cond ((vector? child)
           (let ((new (%trie-add child hash (+ level 1) entry)))
             (%trie-with node hash level new (- (vector-ref new 1) (vector-ref child 1)))))
          ((pair? child)
           (if (equal? (car entry) (car child))
               (%trie-with node hash level entry 0)
               (%trie-with node hash level (%two-entries child (%hash (car child)) entry hash (+ level 1)) 1)))
          ((%clash? child)
           (let ((others (%entries-without (car entry) (%clash-entries child))))
             (%trie-with node hash level (%make-clash (cons entry others))
                         (- (+ 1 (length others)) (length (%clash-entries child))))))
          (else (%trie-with node hash level entry 1)))))

;; What holds two entries with different keys, from that level down.
(define (%two-entries a hash-a b hash-b level)
  (if (= level %trie-levels)
      (%make-clash (list b a))
      (%trie-add (%trie-with %empty-node hash-a level a 1) hash-b level b)))

(define (%dict-delete d key)
  (let* ((root (%dict-root d)) (new (%trie-drop root (%hash key) 0 key)))
    (if (eq? new root) d (%make-dict new))))

;; The same node when the key is not there.
(define (%trie-drop node hash level key)
  (let ((child (%trie-ref node hash level)))
    (cond ((vector? child)
           (let ((new (%trie-drop child hash (+ level 1) key)))
             (if (eq? new child) node (%trie-with node hash level (%lone-entry new) -1))))
          ((pair? child)
           (if (equal? key (car child)) (%trie-with node hash level (%default) -1) node))
          ((%clash? child)
           (let ((others (%entries-without key (%clash-entries child))))
             (if (= (length others) (length (%clash-entries child)))
                 node
                 (%trie-with node hash level
                             (if (null? (cdr others)) (car others) (%make-clash others)) -1))))
          (else node))))

;; A node below which there is one entry is replaced by that.
(define (%lone-entry node)
  (if (= (vector-ref node 1) 1)
      (let ((child (vector-ref node 2)))
        (if (vector? child) (%lone-entry child) child))
      node))

(define (%entries-without key entries)
  (cond ((null? entries) '())
        ((equal? key (caar entries)) (cdr entries))
        (else (cons (car entries) (%entries-without key (cdr entries))))))

;; (%dict-fold f state d): (f entry state) for every (key . value) pair, in the
;; order of the hashes.
(define (%dict-fold f state d) (%trie-fold f state (%dict-root d)))

(define (%trie-fold f state node)
  (let loop ((i 2) (state state))
    (if (= i (vector-length node))
        state
        (let ((child (vector-ref node i)))
          (loop (+ i 1)
                (cond ((pair? child) (f child state))
                      ((vector? child) (%trie-fold f state child))
                      (else (fold f state (%clash-entries child)))))))))

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

;; (make-dict): a dictionary behind a process, empty. Messages: (from tag (dict-ref key
;; default)), (from tag (dict-length)), (from tag (dict-content)), (from tag (dict?)),
;; (dict-set! key value), (dict-delete! key).
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
        ((pid? d) (%ask-living who d '(dict-content)))
        (else (%wrong-type who d))))

;; (dict? obj): whether `obj` is a dictionary; a process has a second to say so.
(define (dict? obj)
  (or (%dict? obj)
      (and (pid? obj) (!? obj '(dict?) 1 #f))))

;; (dict-ref dict key [default]): the value of `key`, or `default` (#f). Error, here and
;; below: not a dictionary; the process behind which it was has ended.
(define dict-ref
  (case-lambda
    ((d key) (dict-ref d key #f))
    ((d key default)
     (cond ((%dict? d) (%dict-ref d key default))
           ((pid? d) (%ask-living "dict-ref" d (list 'dict-ref key default)))
           (else (%wrong-type "dict-ref" d))))))

;; (dict-set dict key value): a persistent dictionary with the entries of `dict`
;; and this one. (dict-delete dict key): without that of `key`.
(define (dict-set d key value) (%dict-set (%dict-content "dict-set" d) key value))
(define (dict-delete d key) (%dict-delete (%dict-content "dict-delete" d) key))

;; (dict-set! dict key [value]): set the entry in a dictionary behind a process;
;; without value as dict-delete!. (dict-delete! dict key): remove it. Error: no
;; pid.
(define dict-set!
  (case-lambda
    ((d key value) (%tell-dict "dict-set!" d (list 'dict-set! key value)))
    ((d key) (%tell-dict "dict-set!" d (list 'dict-delete! key)))))
(define (dict-delete! d key) (%tell-dict "dict-delete!" d (list 'dict-delete! key)))
(define (%tell-dict who d message)
  (%check-pid who d)
  (! d message))

;; (dict-length dict): number of entries.
(define (dict-length d)
  (if (pid? d)
      (%ask-living "dict-length" d '(dict-length))
      (%dict-count (%dict-content "dict-length" d))))

;; (dict->list dict): the (key . value) pairs, in no particular order. (list->dict
;; alist): a persistent dictionary. Error: not a dictionary; not a list of pairs.
(define (dict->list d) (%dict->list (%dict-content "dict->list" d)))
(define (%dict->list d) (%dict-fold cons '() d))
(define (list->dict alist)
  (%check-pairs "list->dict" alist)
  (fold (lambda (entry d) (%dict-set d (car entry) (cdr entry))) %empty-dict alist))

;; (dict-keys dict), (dict-values dict): of all entries.
(define (dict-keys d) (map car (%dict->list (%dict-content "dict-keys" d))))
(define (dict-values d) (map cdr (%dict->list (%dict-content "dict-values" d))))

;; (dict-for-each proc dict): call (proc key value) for all entries.
(define (dict-for-each proc d)
  (for-each (lambda (entry) (proc (car entry) (cdr entry))) (%dict->list (%dict-content "dict-for-each" d))))

;; (dict-search proc dict): the first result of (proc key value) that is not #f,
;; or #f.
(define (dict-search proc d)
  (any (lambda (entry) (proc (car entry) (cdr entry))) (%dict->list (%dict-content "dict-search" d))))

;; (dict-fold proc init dict): (proc key value state) over all entries.
(define (dict-fold proc init d)
  (fold (lambda (entry state) (proc (car entry) (cdr entry) state)) init
        (%dict->list (%dict-content "dict-fold" d))))
