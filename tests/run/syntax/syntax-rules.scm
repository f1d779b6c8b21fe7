;; syntax-rules: hygiene, ellipses, literals, vectors, dotted tails, recursion.
;; expect: 5
;; expect: (outer-temp 3)
;; expect: now
;; expect: (2 1)
;; expect: ((a 1) (b 2))
;; expect: (1 2 3 4 5 6)
;; expect: ((1 2 3) (4 5))
;; expect: ok
;; expect: (arrow no)
;; expect: #(1 2 3)
;; expect: (1 (2 3) 4)
;; expect: (1 2 . 3)
;; expect: (a b c . d)
;; expect: (... ...)
;; expect: (1 2 3 last)
;; expect: 7
;; expect: (#t #f)
;; expect: 6
;; expect: (10 20)
;; expect: ((x 1 2) (y 3))
;; expect: (else-shadowed)
;; expect: 3
;; expect: 120
;; expect: inner
(define-syntax my-or
  (syntax-rules ()
    ((_) #f)
    ((_ e) e)
    ((_ e r ...) (let ((t e)) (if t t (my-or r ...))))))
(define t 5)
(print (my-or #f t))
(let ((temp 'outer-temp) (if list) (let 3))
  (print (my-or #f (if temp let))))
(print (let ((if list)) (my-or #f 'now)))

;; exchange without set!: binding the names the other way round
(define-syntax exchanged
  (syntax-rules ()
    ((_ (a b) body ...) (let ((tmp a)) (let ((a b) (b tmp)) body ...)))))
(let ((tmp 1) (other 2)) (exchanged (tmp other) (print (list tmp other))))

(define-syntax my-let
  (syntax-rules ()
    ((_ ((name val) ...) body ...) ((lambda (name ...) body ...) val ...))
    ((_ tag ((name val) ...) body ...) ((letrec ((tag (lambda (name ...) body ...))) tag) val ...))))
(my-let ((a 1) (b 2)) (print (list (list 'a a) (list 'b b))))

;; nested ellipses
(define-syntax flat
  (syntax-rules () ((_ (x ...) ...) '(x ... ...))))
(print (flat (1 2 3) () (4 5) (6)))
(define-syntax groups
  (syntax-rules () ((_ (x ...) ...) '((x ...) ...))))
(print (groups (1 2 3) (4 5)))

;; literals match by binding
(define-syntax arrow
  (syntax-rules (=>) ((_ a => b) 'arrow) ((_ a b c) 'no)))
(define-syntax check-else (syntax-rules (else) ((_ else) 'ok) ((_ x) 'other)))
(print (check-else else))
(print (list (arrow 1 => 2) (let ((=> 0)) (arrow 1 => 2))))

;; vectors, tails
(define-syntax vec (syntax-rules () ((_ #(a ...)) #(a ...))))
(print (vec #(1 2 3)))
(define-syntax middle (syntax-rules () ((_ a b ... c) '(a (b ...) c))))
(print (middle 1 2 3 4))
(define-syntax dotted (syntax-rules () ((_ a b . c) '(a b . c))))
(print (dotted 1 2 . 3))
(define-syntax tail-ellipsis (syntax-rules () ((_ a ... . d) '(a ... . d))))
(print (tail-ellipsis a b c . d))

;; escaped ellipsis, custom ellipsis, underscore
(define-syntax dots (syntax-rules () ((_) '((... ...) (... ...)))))
(print (dots))
(define-syntax custom
  (syntax-rules ::: () ((_ a ::: b) '(a ::: b))))
(print (custom 1 2 3 last))
(define-syntax ignore-two (syntax-rules () ((_ _ _ c) c)))
(print (ignore-two 1 2 7))

;; a macro that defines a macro
(define-syntax define-tester
  (syntax-rules ()
    ((_ name lit) (define-syntax name (syntax-rules () ((_ lit) #t) ((_ other) #f))))))
(define-tester is-one? 1)
(print (list (is-one? 1) (is-one? 2)))

;; let-syntax, letrec-syntax, local definitions
(print (let-syntax ((add (syntax-rules () ((_ a b) (+ a b))))) (add 2 4)))
(define (local)
  (define-syntax ten (syntax-rules () ((_ n) (* 10 n))))
  (define a (ten 1))
  (list a (ten 2)))
(print (local))
(define-syntax table
  (syntax-rules () ((_ (k v ...) ...) (list (list 'k v ...) ...))))
(print (table (x 1 2) (y 3)))

;; a shadowed keyword is a variable
(print (let ((else #f)) (cond (else 'no) (#t '(else-shadowed)))))
(print (let ((list +)) (let-syntax ((sum (syntax-rules () ((_ x ...) (list x ...))))) (let ((list cons)) (sum 1 2)))))

;; recursion of definitions made by a macro
(define-syntax define-recursive
  (syntax-rules () ((_ (name arg) base step) (define (name arg) (if (= arg 0) base (step arg (name (- arg 1))))))))
(define-recursive (fact n) 1 *)
(print (fact 5))

;; R7RS 4.3.1
(print (let ((x 'outer))
         (let-syntax ((m (syntax-rules () ((m) x))))
           (let ((x 'inner-not-seen))
             (let-syntax ((n (syntax-rules () ((n) 'inner)))) (if (eq? (m) 'outer) (n) 'wrong))))))
