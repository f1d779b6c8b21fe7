;; Makes images of procedures and continuations of many shapes (`make`), and takes up what has become of such images
;; (`run file ...`): each in a process of its own, which has a tenth of a second. tests/wire/mutants.py.
(define (write-file name v)
  (call-with-port (open-binary-output-file name) (lambda (port) (write-bytevector (object->bytevector v) port))))
(define (read-file name)
  (call-with-port (open-binary-input-file name) (lambda (port) (read-bytevector 1000000 port))))

(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define p (make-parameter 1))

;; Closures that are entered by direct jumps, of different layouts.
(define (known n get)
  (define (twice x) (if (get x) (list x n other) (other (get n))))
  (define (other x) (if (get x) (vector n twice x) (twice (+ x n))))
  (define (third a b) (if (get a) (list third a b) (third (get b) a)))
  (get 0)
  (list (twice (get 1)) (third n (get 2)) twice other third))

(define (late get)
  (letrec ((a (lambda (x) (if (= x 0) (list b c) (b (- x 1)))))
           (c (get 3))
           (b (lambda (x) (list c (a x)))))
    (a c)))

(define (local-record get)
  (define-record-type cell (make-cell a) cell? (a cell-a))
  (let ((one (make-cell (get 1))))
    (list (cell-a one) one (make-cell one) (get one))))

(define (lazy get)
  (let ((promise (delay (get 4))))
    (list (force promise) (force promise))))

(define (dynamic get)
  (dynamic-wind
   (lambda () 'in)
   (lambda ()
     (with-exception-handler
      (lambda (e) (list 'handled e (p)))
      (lambda () (parameterize ((p (get 5))) (list (raise (get 6)) (with-output-to-string (lambda () (display (get 7)))))))))
   (lambda () 'out)))

(define (data get)
  (let ((d (dict 'a 1 "b" (get 8))) (s "text") (v (vector 1 2.5 'x)) (q (make-point 1 (get 9))))
    (list (dict-ref d (get 'a)) (string-append s (if (string? (get s)) s "?")) (vector-ref v 1) (point-y q) (apply + (list 1 2 (get 3))))))

(define (loops get)
  (let loop ((i 0) (l '()))
    (if (= i 4) (map (lambda (x) (cons x (get x))) l) (loop (+ i 1) (cons (get i) l)))))

(define subjects (list (lambda (get) (known 3 get)) late local-record lazy dynamic data loops))

;; Each call of `get` sends its continuation to the parent, in that run and, to nobody, in others.
(define (images-of subject)
  (define parent (self))
  (spawn
   (lambda ()
     (subject (lambda (x) (call/cc (lambda (k) (! parent (list 'image (object->bytevector k))) x))))
     (! parent 'done)))
  (let more ()
    (recv (('image bytes) (cons bytes (more)))
          ('done '()))))

(define (make)
  (define (save-all images name n)
    (if (pair? images)
        (begin
          (call-with-port (open-binary-output-file (string-append name (number->string n)))
            (lambda (port) (write-bytevector (car images) port)))
          (save-all (cdr images) name (+ n 1)))))
  (let each ((rest subjects) (n 0))
    (if (pair? rest)
        (begin
          (save-all (images-of (car rest)) (string-append "image-" (number->string n) "-") 0)
          (each (cdr rest) (+ n 1)))))
  (write-file "image-f" (cdr (cdr (known 3 (lambda (x) #t)))))
  (write-file "image-g" (list (late (lambda (x) 2)) p (lambda (x) (p)))))

(define (use v)
  (if (procedure? v) (v 5))
  (let each ((v v) (n 0))
    (if (and (pair? v) (< n 10)) (begin (use (car v)) (each (cdr v) (+ n 1)))))
  (string-length (object->string v)))

(define (run name)
  (let* ((bytes (read-file name))
         (pid (spawn (lambda ()
                       (exit! (self) (with-exception-catcher
                                      (lambda (e) (if (condition? e) (list 'condition (condition-kind e)) 'raised))
                                      (lambda () (let ((v (bytevector->object bytes))) (use v) 'used)))))))
         (ref (monitor pid)))
    (recv (('down ,ref _ reason) (if (pair? reason) reason (list 'ended)))
          (after 0.1 (terminate! pid) '(slow)))))

(define (main what . names)
  (if (equal? what "make")
      (make)
      (for-each (lambda (name) (println name " " (run name)) (flush-output-port)) names)))
