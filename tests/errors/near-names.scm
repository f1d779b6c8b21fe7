;; Names that nothing defines: the nearest name that is visible, locals, record accessors and forms among them. A
;; misspelled form gives one hint, none for its operands nor for what it would define.
;; warning 29:16 `remaining` is not defined
;; note 29:16 did you mean `Remaining`?
;; warning 29:27 `acumulator` is not defined
;; note 29:27 did you mean `accumulator`?
;; warning 29:39 `looop` is not defined
;; note 29:39 did you mean `loop`?
;; warning 29:46 `poinnt-x` is not defined
;; note 29:46 did you mean `point-x`?
;; warning 30:20 `fi` is not defined
;; note 30:20 did you mean `if`?
;; note 30:20 the form is (if test then [else])
;; warning 31:18 `esle` is not defined
;; note 31:18 did you mean `else`?
;; warning 32:2 `defien` is not defined
;; note 32:2 did you mean `define`?
;; note 32:2 the form is (define name value) or (define (name parameter ...) body ...)
;; warning 33:3 `lamda` is not defined
;; note 33:3 did you mean `lambda`?
;; note 33:3 the form is (lambda (parameter ...) body ...)
;; warning 36:2 `swpa` is not defined
;; note 36:2 did you mean `swap`?
;; warning 37:19 `other` is not defined
;; note 37:19 when it is reached, it raises an unbound-variable condition
(define (f lst)
  (define-record-type point (make-point x y) point? (x point-x) (y point-y))
  (let loop ((accumulator '()) (Remaining lst))
    (if (null? remaining) acumulator (looop (poinnt-x accumulator) 1))))
(define (g items) (fi (null? items) 1 (itmes)))
(cond ((f 1) 2) (esle 3))
(defien (h x) (* x y))
((lamda (x . rest) (define y x) () (* y (h z))) (h 3))
(define-syntax swap (syntax-rules () ((_ a b) (list b a))))
(print (swap 1 2))
(swpa (1 . 2) ())
(define (k thing) other) ; `thing` is too far away
