;; A process goes around a ring of nodes and home again, at the bottom of ten thousand frames, with one of everything that
;; a program can hold. At each stop what it carries is what it was, and what it computes is the same. What is not is
;; told to a process at home, which prints it.
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define setting (make-parameter 7 (lambda (x) (* x 10))))

;;; ---- home --------------------------------------------------------------

;; Keeps events in the order of their arrival.
(define (keep events)
  (recv
    (('event event) (keep (cons event events)))
    ((from tag 'get) (! from (list tag (reverse events))) (keep events))))

;; A cluster as the process sees it: where it began, the stops in order (the last one is home), who keeps a log.
(define-record-type ring (make-ring stops log faults) ring? (stops ring-stops) (log ring-log) (faults ring-faults))

(define (place ring)
  (let loop ((stops (ring-stops ring)) (n 1))
    (cond ((null? (cdr stops)) 'home)
          ((equal? (car stops) (current-node)) n)
          (else (loop (cdr stops) (+ n 1))))))

(define (note ring what) (! (ring-log ring) (list 'event (list what (place ring)))))
(define (check ring what ok) (if ok (void) (! (ring-faults ring) (list 'event (list what (place ring))))))

;;; ---- numbers -----------------------------------------------------------

;; Where a word of 32 or of 64 bits, or its fixnums, end.
(define powers '(8 28 29 30 31 32 53 59 60 61 62 63 64))
(define (near-power k)
  (let ((p (expt 2 k)))
    (list (- p 1) p (+ p 1) (- 1 p) (- p) (- -1 p))))
(define (edges) (append-map near-power powers))

(define (mix digest n) (modulo (+ (* digest 1000003) n) 2305843009213693951))
(define (mix-rational digest x) (mix (mix digest (numerator x)) (denominator x)))

(define (mix-one n digest)
  (let-values (((root rest) (exact-integer-sqrt (abs n))))
    (fold-left mix digest
      (list root rest (integer-length n) (bit-count n) (bitwise-not n) (shift-left n 3) (shift-right n 5) (square n)
            (exact (inexact n)) (string-length (number->string n 7)) (string->number (number->string n)) (exact (truncate (/ n 3.0)))))))

(define (mix-two a b digest)
  (fold-left mix (mix-rational digest (/ a b))
    (list (+ a b) (- a b) (* a b) (quotient a b) (remainder a b) (modulo a b) (floor-quotient a b) (gcd a b)
          (bitwise-and a b) (bitwise-ior a b) (bitwise-xor a b) (if (< a b) 1 0) (if (= a b) 1 0) (if (eqv? a b) 1 0))))

;; A number that depends on all results.
(define (arithmetic)
  (let ((all (edges)))
    (fold-left (lambda (digest a) (fold-left (lambda (digest b) (mix-two a b digest)) (mix-one a digest) all)) 1 all)))

;; `n`, which has travelled, is in the form in which this node makes it. (string->number makes it anew.)
(define (normal? n)
  (let ((here (string->number (number->string n))) (again (string->number (number->string n))))
    (and (eqv? n here) (= n here) (exact-integer? n) (eq? (eq? n here) (eq? here again)))))

;; Every flonum that is special in its bits, in both signs.
(define flonums
  (append-map (lambda (x) (list x (- x)))
    (list 0.0 1.5 0.1 (/ 1.0 3) 1e300 1.7976931348623157e308 2.2250738585072014e-308 2.225073858507201e-308 4.9406564584124654e-324
          1e-310 (/ 1.0 0.0) (- (/ 1.0 0.0) (/ 1.0 0.0)) (expt 2.0 53) (exact->inexact (expt 2 62)))))

(define rationals (list 1/3 -22/7 (/ (expt 7 300) -3) (/ 1 (expt 2 61)) (/ (- (expt 2 31) 1) (expt 2 32))))

;;; ---- data --------------------------------------------------------------

(define circle '#0=(1 2 #(3 (#0#)) . #0#))
(define text "grüße, \x65E5;\x672C;\x8A9E; \x1F600; end")

;; All that has the same bytes everywhere.
(define (goods)
  (let ((shared (list 1 2.5 "shared")))
    (list (edges) rationals flonums text 'name (string->symbol text) #\x #\x10FFFF #t '() (void) (eof-object)
          (vector shared shared (make-point shared (make-point -0.0 'z))) (bytevector) (bytevector 0 1 127 128 255)
          (expt 7 300) (- (expt 3 1000)) circle (delay (expt 2 31)) car
          (letrec ((even (lambda (n) (or (= n 0) (odd (- n 1))))) (odd (lambda (n) (and (> n 0) (even (- n 1)))))) even)
          (dict 'a 1 "b" 2.5 (expt 2 31) 'edge) (set 1 2 (expt 2 61)) (queue 1 2) (pvector 1 2 3))))

(define (keys)
  (append (edges) rationals (list 0.0 -0.0 1.5 1e300 (expt 2.0 61) (/ 1.0 0.0)) (list text "" 'name #\x #\x1F600 #t '())
          (list '(1 (2 . "three")) (vector 1 2.5 'x) (bytevector 1 2 255) (make-point 1 "two") (expt 7 300))
          (map number->string (iota 100))))

(define (dict-of keys) (fold-left (lambda (d key) (dict-set d key (list key))) (dict) keys))
(define (finds-all? d keys) (every (lambda (key) (equal? (dict-ref d key) (list key))) keys))

(define (check-tables ring d ordered members others)
  (check ring "a dictionary finds its keys" (finds-all? d (keys)))
  (check ring "a dictionary is as long" (= (dict-length d) (length (keys))))
  (check ring "a dictionary has the order of one that is made here" (equal? (dict->list d) (dict->list (dict-of (keys)))))
  (check ring "a dictionary finds pids and tags" (every (lambda (key) (eq? (dict-ref others key) 'found)) (dict-keys others)))
  (check ring "a set has its members" (every (lambda (key) (set-member? members key)) (edges)))
  (check ring "an ordered dictionary is in order" (equal? (map car (ordered-dict->list ordered)) (sort (edges) <))))

;;; ---- control -----------------------------------------------------------

;; Left on the first stop, entered again on the third and left on the second (in short rings: on the last ones).
(define (winds ring)
  (let* ((stops (ring-stops ring))
         (stop (lambda (n) (list-ref stops (min n (- (length stops) 1)))))
         (left (call/cc
                 (lambda (leave)
                   (dynamic-wind
                     (lambda () (note ring 'in))
                     (lambda ()
                       (migrate (stop 0))
                       (let ((n (call/cc (lambda (k) (leave (cons k 0))))))
                         (migrate (stop 1))
                         (leave (cons #f n))))
                     (lambda () (note ring 'out)))))))
    (if (car left)
        (begin (migrate (stop 2)) ((car left) 5))
        (cdr left))))

(define (failure thunk)
  (with-exception-catcher (lambda (e) (list (condition-kind e) (error-object-message e) (error-object-irritants e))) thunk))

;; Each frame has something of its own to come back to.
(define (deep n thunk)
  (if (= n 0)
      (thunk)
      (let* ((half (* n 0.5)) (word (* n 1073741827)) (text (list n half)))
        (let ((below (deep (- n 1) thunk)))
          (if (and (= half (cadr text)) (= word (* 1073741827 (car text)))) (+ 1 below) (error "a frame has changed" n))))))

;;; ---- the walk ----------------------------------------------------------

(define (around ring)
  (let* ((me (self)) (tag (make-tag)) (echo (spawn (lambda () (let loop () (recv ((from tag x) (! from (list tag x)) (loop)))))))
         (home-port (current-output-port)) (text-port (open-output-string))
         (all (goods)) (image (object->bytevector all)) (numbers (edges)) (result (arithmetic))
         (once (delay (begin (note ring 'forced) (expt 2 61)))) (cell (make-cell 0)) (table (make-dict))
         (d (dict-of (keys))) (others (dict me 'found tag 'found echo 'found))
         (members (list->set numbers)) (ordered (list->ordered-dict (map (lambda (n) (cons n n)) numbers)))
         (add (lambda (k) (+ k (car numbers)))) (far (ring-stops ring)))
    (! me 'early)
    (for-each
      (lambda (stop)
        (migrate stop)
        (write-string "." text-port)
        (check ring "it has its pid" (and (eq? me (self)) (equal? (current-node) stop)))
        (check ring "values have the same bytes" (equal? image (object->bytevector all)))
        (check ring "values made here have the same bytes" (equal? image (object->bytevector (goods))))
        (check ring "values are read back" (equal? image (object->bytevector (bytevector->object image))))
        (check ring "arithmetic" (= result (arithmetic)))
        (check ring "integers are as this node has them" (and (equal? numbers (edges)) (every normal? numbers)))
        (check ring "closures" (= (add 1) (+ 1 (car numbers))))
        (check ring "parameters" (= (setting) 90))
        (check ring "promises" (= (force once) (expt 2 61)))
        (check ring "tags" (and (eq? tag (car (list tag))) (not (equal? tag (make-tag)))))
        (check ring "questions to home" (equal? (!? echo (list me numbers)) (list me numbers)))
        (check ring "failures" (equal? (failure (lambda () (vector-ref (vector 1 2) (expt 2 31))))
                                       (failure (lambda () (vector-ref (vector 1 2) (expt 2 31))))))
        (check-tables ring d ordered members others)
        (cell-set! cell (+ 1 (cell-ref cell)))
        (dict-set! table (+ (expt 2 31) (cell-ref cell)) numbers)
        (check ring "a dictionary behind a process" (equal? (dict-ref table (+ (expt 2 31) (cell-ref cell))) numbers))
        (if (eq? stop (car far)) (write-string (string-append "written far away: " text "\n") home-port) (void)))
      (ring-stops ring))
    (check ring "mail" (eq? 'early (?)))
    (check ring "each stop once" (let ((n (length far))) (and (= n (cell-ref cell)) (= n (string-length (get-output-string text-port))))))
    (println "results " result)
    0))

(define (main . ports)
  (let* ((nodes (map (lambda (port) (make-node "127.0.0.1" (string->number port))) ports))
         (log (spawn (lambda () (keep '())))) (faults (spawn (lambda () (keep '()))))
         (ring (make-ring (append nodes (list (current-node))) log faults)))
    (println "frames "
      (dynamic-wind
        (lambda () (note ring 'before))
        (lambda () (parameterize ((setting 9)) (deep 10000 (lambda () (around ring)))))
        (lambda () (note ring 'after))))
    (let ((result (winds ring)))
      (migrate (last (ring-stops ring)))
      (println "winds " result))
    (println "log " (!? log 'get))
    (println "faults " (!? faults 'get))))
