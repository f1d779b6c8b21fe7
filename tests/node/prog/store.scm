;; A key-value store over several nodes: each node keeps the keys whose hash is its
;; own, in a process under a published name; any node can ask for any key.
;; Served: nothing to be said. Main: host and port of each storing node.
(define (store-loop table)
  (recv
    ((from tag ('put key value))
     (! from (list tag 'ok))
     (store-loop (dict-set table key value)))
    ((from tag ('get key))
     (! from (list tag (dict-ref table key 'absent)))
     (store-loop table))
    ((from tag 'size)
     (! from (list tag (dict-length table)))
     (store-loop table))))

(publish-service 'store (spawn (lambda () (store-loop (dict)))))

(define (stores-of arguments)
  (if (null? arguments)
      '()
      (cons (remote-service 'store (make-node (car arguments) (string->number (cadr arguments))))
            (stores-of (cddr arguments)))))

(define (store-of key stores)
  (list-ref stores (modulo (string-hash-of key) (length stores))))

(define (string-hash-of s)
  (let loop ((l (string->list s)) (h 7))
    (if (null? l)
        h
        (loop (cdr l) (modulo (+ (* h 31) (char->integer (car l))) 1000003)))))

(define (put stores key value) (!? (store-of key stores) (list 'put key value) 10))
(define (get stores key) (!? (store-of key stores) (list 'get key) 10))

(define (key-of i) (string-append "key-" (number->string i)))

(define (main . hosts)
  (let ((stores (stores-of hosts)))
    (for-each (lambda (i) (put stores (key-of i) (list i (* i i) (lambda (x) (+ x i))))) (iota 300))
    (print "sizes add up to " (apply + (map (lambda (store) (!? store 'size 10)) stores)))
    (print "key-17 is " (list-head-2 (get stores (key-of 17))))
    (print "a procedure from the store gives " ((list-ref (get stores (key-of 299)) 2) 1))
    (print "nothing is " (get stores "nothing"))))

(define (list-head-2 l) (list (car l) (cadr l)))
