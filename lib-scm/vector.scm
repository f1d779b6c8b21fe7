;;; vector.scm: vectors and bytevectors; like all data they never change.

;; (%vector-size who v), (%bytevector-size who bv): the length of an argument of
;; the procedure `who`.
(define-inline (%vector-size who v)
  (if (vector? v) (vector-length v) (%wrong-type who v)))
(define-inline (%bytevector-size who bv)
  (if (bytevector? bv) (bytevector-length bv) (%wrong-type who bv)))

;;; ---- vectors: construction --------------------------------------------

;; (make-vector n [fill]): `n` times `fill` (0). Error: not an index.
(define-inline make-vector
  (case-lambda
    ((n) (%make-vector n 0))
    ((n fill) (%make-vector n fill))))

;; (vector obj ...): vector of the arguments.
(define-inline (vector . objs) (list->vector objs))

;; (vector-tabulate f n): the vector (f 0) ... (f n-1).
(define (vector-tabulate f n) (list->vector (list-tabulate n f)))

;; (vector-unfold f n), (build-vector n f): the same.
(define (vector-unfold f n) (list->vector (list-tabulate n f)))
(define (build-vector n f) (list->vector (list-tabulate n f)))

;; (vector-append vector ...): the vectors in one. Error: not a vector.
(define-inline (vector-append . vectors) (%vector-concatenate vectors))

;; (vector-copy vector [start [end]]), (subvector vector start end): the elements
;; start ... end - 1. Error: not a vector, out of range.
(define-inline vector-copy
  (case-lambda
    ((v) (%subvector v 0 (%vector-size "vector-copy" v)))
    ((v start) (%subvector v start (%vector-size "vector-copy" v)))
    ((v start end) (%subvector v start end))))
(define-inline (subvector v start end) (%subvector v start end))

;; (vector->list vector [start [end]]): list of the elements.
(define-inline vector->list
  (case-lambda
    ((v) (%vector->list v 0 (%vector-size "vector->list" v)))
    ((v start) (%vector->list v start (%vector-size "vector->list" v)))
    ((v start end) (%vector->list v start end))))

;; (vector-reverse vector): the elements in reverse order.
(define (vector-reverse v) (list->vector (reverse (vector->list v))))

;;; ---- vectors: iteration -----------------------------------------------

;; (vector-map f vector1 vector2 ...): vector of the results of `f`, of the
;; length of the shortest vector.
(define vector-map
  (case-lambda
    ((f v)
     (let ((n (%vector-size "vector-map" v)))
       (list->vector
        (let loop ((i 0))
          (if (< i n)
              (let ((x (f (vector-ref v i))))
                (cons x (loop (+ i 1))))
              '())))))
    ((f . vectors) (list->vector (apply map f (%lists-of-vectors vectors))))))

;; (vector-for-each f vector1 vector2 ...): call `f` on the elements in order.
(define vector-for-each
  (case-lambda
    ((f v)
     (let ((n (%vector-size "vector-for-each" v)))
       (let loop ((i 0))
         (if (< i n)
             (begin (f (vector-ref v i)) (loop (+ i 1)))
             (void)))))
    ((f . vectors) (apply for-each f (%lists-of-vectors vectors)))))

(define (%lists-of-vectors vectors) (map (lambda (v) (vector->list v)) vectors))

;; (vector-fold f init vector): (f state elem) from the first to the last.
(define (vector-fold f init v)
  (let ((n (%vector-size "vector-fold" v)))
    (let loop ((i 0) (state init))
      (if (< i n)
          (loop (+ i 1) (f state (vector-ref v i)))
          state))))

;; (vector-fold-right f init vector): (f state elem) from the last to the first.
(define (vector-fold-right f init v)
  (let loop ((i (- (%vector-size "vector-fold-right" v) 1)) (state init))
    (if (< i 0)
        state
        (loop (- i 1) (f state (vector-ref v i))))))

;; (vector-count pred vector): how many elements satisfy `pred`.
(define (vector-count pred v)
  (vector-fold (lambda (n x) (if (pred x) (+ n 1) n)) 0 v))

;; (vector-index pred vector): index of the first that satisfies `pred`, or #f.
(define (vector-index pred v)
  (let ((n (%vector-size "vector-index" v)))
    (let loop ((i 0))
      (cond ((= i n) #f)
            ((pred (vector-ref v i)) i)
            (else (loop (+ i 1)))))))

;; (vector-binary-search vector key compare): index of an element with (compare
;; elem key) = 0 in a sorted vector, or #f.
(define (vector-binary-search v key compare)
  (let loop ((low 0) (high (%vector-size "vector-binary-search" v)))
    (if (= low high)
        #f
        (let* ((middle (quotient (+ low high) 2))
               (order (compare (vector-ref v middle) key)))
          (cond ((= order 0) middle)
                ((< order 0) (loop (+ middle 1) high))
                (else (loop low middle)))))))

;; (vector-sort less? vector): a sorted copy, stable.
(define (vector-sort less? v) (list->vector (list-sort less? (vector->list v))))

;;; ---- bytevectors ------------------------------------------------------

;; (bytevector byte ...): of exact integers 0 ... 255. Error: another object.
(define-inline (bytevector . bytes) (%list->bytevector bytes))

;; (make-bytevector n [byte]): `n` times `byte` (0).
(define-inline make-bytevector
  (case-lambda
    ((n) (%make-bytevector n 0))
    ((n byte) (%make-bytevector n byte))))

;; (list->bytevector list), (bytevector->list bytevector): conversion.
(define-inline (list->bytevector bytes) (%list->bytevector bytes))
(define (bytevector->list bv)
  (list-tabulate (bytevector-length bv) (lambda (i) (bytevector-u8-ref bv i))))

;; (bytevector-append bytevector ...): the bytevectors in one.
(define-inline (bytevector-append . bvs) (%bytevector-concatenate bvs))

;; (bytevector-copy bytevector [start [end]]): the bytes start ... end - 1.
(define-inline bytevector-copy
  (case-lambda
    ((bv) (%subbytevector bv 0 (%bytevector-size "bytevector-copy" bv)))
    ((bv start) (%subbytevector bv start (%bytevector-size "bytevector-copy" bv)))
    ((bv start end) (%subbytevector bv start end))))

;; (utf8->string bytevector [start [end]]), (string->utf8 string [start [end]]):
;; the text of UTF-8 bytes and back. Error: bytes that are not UTF-8.
(define-inline utf8->string
  (case-lambda
    ((bv) (%utf8->string bv 0 (%bytevector-size "utf8->string" bv)))
    ((bv start) (%utf8->string bv start (%bytevector-size "utf8->string" bv)))
    ((bv start end) (%utf8->string bv start end))))
(define-inline string->utf8
  (case-lambda
    ((s) (%string->utf8 s 0 (%string-size "string->utf8" s)))
    ((s start) (%string->utf8 s start (%string-size "string->utf8" s)))
    ((s start end) (%string->utf8 s start end))))
