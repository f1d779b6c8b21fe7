;; Persistent collections against plain lists: random operations, old versions stay.
;; expect: dict ok
;; expect: set ok
;; expect: queue ok
;; expect: pvector ok
;; expect: ordered ok
;; expect: (a c d) 4 3
;; expect: #t
;; expect: pvector-ref: argument out of range
;; expect: queue-first: the queue is empty
(define (random-keys n seed)
  (let loop ((i 0) (x seed) (keys '()))
    (if (= i n) keys
        (let ((x (modulo (+ (* x 1103515245) 12345) 2147483648)))
          (loop (+ i 1) x (cons (quotient x 4096) keys))))))
(define (without key alist) (filter (lambda (e) (not (equal? (car e) key))) alist))
(define (put key value alist) (cons (cons key value) (without key alist)))
(define (same? a b) (equal? (sort a (lambda (x y) (< (car x) (car y)))) (sort b (lambda (x y) (< (car x) (car y))))))

;; Keys from a small range: sets, replacements and deletions of what is there.
(define operations (map (lambda (x) (cons (modulo x 3) (modulo (quotient x 3) 150))) (random-keys 3000 42)))
(define (check-dict empty set delete ->list size)
  (let loop ((ops operations) (d empty) (model '()) (i 0))
    (if (null? ops)
        (and (same? (->list d) model) (= (size d) (length model)))
        (let* ((key (cdar ops)) (remove? (= (caar ops) 0))
               (next (if remove? (delete d key) (set d key i)))
               (next-model (if remove? (without key model) (put key i model))))
          (and (or (not (= (modulo i 100) 0)) (and (same? (->list d) model) (same? (->list next) next-model)))
               (loop (cdr ops) next next-model (+ i 1)))))))
(print "dict " (if (check-dict (dict) dict-set dict-delete dict->list dict-length) 'ok 'wrong))
(let* ((objs (map cdr operations)) (s (fold (lambda (x s) (set-add s x)) (set) objs))
       (evens (list->set (filter even? objs))) (odds (set-difference s evens)))
  (print "set " (if (and (= (set-size s) (length (delete-duplicates objs)))
                         (set=? s (set-union evens odds))
                         (set-empty? (set-intersection evens odds))
                         (subset? odds s) (not (subset? s odds))
                         (every odd? (set->list odds)))
                    'ok 'wrong)))
(print "queue "
  (let loop ((ops operations) (q (queue)) (model '()))
    (cond ((not (equal? (queue->list q) model)) 'wrong)
          ((null? ops) 'ok)
          ((and (= (caar ops) 0) (pair? model))
           (if (equal? (queue-first q) (car model))
               (loop (cdr ops) (queue-rest q) (cdr model))
               'wrong))
          ((> (length model) 50) (loop (cdr ops) (queue-rest q) (cdr model)))
          (else (loop (cdr ops) (queue-push q (cdar ops)) (append model (list (cdar ops))))))))
(let* ((n 5000) (v (list->pvector (iota n))) (w (fold (lambda (i v) (pvector-set v i (- i))) v (iota n))))
  (let shrink ((w w) (left n))
    (cond ((not (= (pvector-length w) left)) (print "pvector wrong size"))
          ((= left 0) (print "pvector " (if (and (equal? (pvector->list v) (iota n)) (= (pvector-ref (pvector-map square v) 77) 5929)) 'ok 'wrong)))
          ((and (= (modulo left 97) 0) (not (equal? (pvector->list w) (map - (iota left))))) (print "pvector wrong"))
          (else (shrink (pvector-pop w) (- left 1))))))
(let ((d (fold (lambda (op d) (ordered-dict-set d (cdr op) (car op))) (ordered-dict) operations)))
  (print "ordered "
    (if (and (check-dict (ordered-dict) ordered-dict-set ordered-dict-delete ordered-dict->list ordered-dict-size)
             (apply < (map car (ordered-dict->list d)))
             (equal? (map car (ordered-dict-range d 10 20)) (filter (lambda (k) (and (<= 10 k) (< k 20))) (map car (ordered-dict->list d))))
             (= (car (ordered-dict-first d)) (apply min (map cdr operations)))
             (= (car (ordered-dict-last d)) (apply max (map cdr operations))))
        'ok 'wrong)))
(let ((d (list->ordered-dict '(("d" . 4) ("a" . 1) ("c" . 3)) string<?)))
  (print (map string->symbol (map car (ordered-dict->list d))) " " (ordered-dict-ref d "d") " " (ordered-dict-size d)))
(print (equal? (bytevector->object (object->bytevector (list (dict 1 2) (set 'a) (pvector 1) (queue 1))))
               (list (dict 1 2) (set 'a) (pvector 1) (queue 1))))
(define (message thunk) (with-exception-catcher error-object-message thunk))
(print (message (lambda () (pvector-ref (pvector 1 2) 2))))
(print (message (lambda () (queue-first (queue)))))
