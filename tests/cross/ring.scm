;; A process that carries one of everything around a ring of nodes, and ten thousand frames.
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define setting (make-parameter 7))
(define (build n) (if (= n 0) '() (cons n (build (- n 1)))))

;; The frames go with it, node by node.
(define (deep n nodes)
  (if (= n 0)
      (begin (for-each migrate nodes) 1)
      (+ 1 (deep (- n 1) nodes))))

(define (walk nodes ring)
  (let* ((big (expt 7 300))
         (goods (list 1.5e-300 (/ big 3) "grüße \x1F600;" 'name #\x (vector 1 '(2)) (bytevector 1 255)))
         (edges (map (lambda (n) (expt 2 n)) '(27 28 29 30 31 59 60 61)))
         (point (make-point 1 2))
         (add (lambda (k) (+ k big))))
    (parameterize ((setting 9))
      (dynamic-wind
        (lambda () #f)
        (lambda ()
          (migrate (car nodes))
          (let ((sums (map (lambda (n) (- (+ n n) 1)) edges)))
            (for-each migrate ring)
            (list goods (= (add 1) (+ 1 big)) (point-y point) (setting) sums (map - sums) (build 10))))
        (lambda () #f)))))

(define (main . ports)
  (let* ((nodes (map (lambda (port) (make-node "127.0.0.1" (string->number port))) ports))
         (ring (append nodes (list (current-node)))))
    (println (deep 10000 ring))
    (println (walk nodes ring))))
