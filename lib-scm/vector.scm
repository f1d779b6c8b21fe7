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

;; (vector-tabulate f n), (build-vector n f): the vector (f 0) ... (f n-1).
(define (vector-tabulate f n) (list->vector (%tabulate "vector-tabulate" n f)))
(define (build-vector n f) (list->vector (%tabulate "build-vector" n f)))

;; (vector-unfold f n seed ...): the vector of n elements that `f` gives, called with the index and the seeds. With seeds
;; it gives as many more values, the seeds for the next element.
(define vector-unfold
  (case-lambda
    ((f n) (list->vector (%tabulate "vector-unfold" n f)))
    ((f n . seeds)
     (%check-index "vector-unfold" n)
     (list->vector
      (let loop ((i 0) (seeds seeds))
        (if (< i n)
            (receive (x . seeds) (apply f i seeds)
              (cons x (loop (+ i 1) seeds)))
            '()))))))

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
    ((f vector1 . more) (list->vector (apply map f (%lists-of-vectors (cons vector1 more)))))))

;; (vector-for-each f vector1 vector2 ...): call `f` on the elements in order.
(define vector-for-each
  (case-lambda
    ((f v)
     (let ((n (%vector-size "vector-for-each" v)))
       (let loop ((i 0))
         (if (< i n)
             (begin (f (vector-ref v i)) (loop (+ i 1)))
             (void)))))
    ((f vector1 . more) (apply for-each f (%lists-of-vectors (cons vector1 more))))))

(define (%lists-of-vectors vectors) (map (lambda (v) (vector->list v)) vectors))

;; (%shortest who vectors): the length of the shortest. (%elements vectors i): element `i` of each.
(define (%shortest who vectors)
  (fold (lambda (v n) (min n (%vector-size who v))) (%vector-size who (car vectors)) (cdr vectors)))
(define (%elements vectors i) (map (lambda (v) (vector-ref v i)) vectors))

;; (vector-fold f init vector1 vector2 ...): (f state elem ...) from the first to the last of the shortest vector.
;; (vector-fold-right f init vector1 vector2 ...): from that to the first.
(define vector-fold
  (case-lambda
    ((f init v)
     (let ((n (%vector-size "vector-fold" v)))
       (let loop ((i 0) (state init))
         (if (< i n)
             (loop (+ i 1) (f state (vector-ref v i)))
             state))))
    ((f init vector1 . more)
     (let* ((vectors (cons vector1 more)) (n (%shortest "vector-fold" vectors)))
       (let loop ((i 0) (state init))
         (if (< i n)
             (loop (+ i 1) (apply f state (%elements vectors i)))
             state))))))
(define vector-fold-right
  (case-lambda
    ((f init v)
     (let loop ((i (- (%vector-size "vector-fold-right" v) 1)) (state init))
       (if (< i 0)
           state
           (loop (- i 1) (f state (vector-ref v i))))))
    ((f init vector1 . more)
     (let ((vectors (cons vector1 more)))
       (let loop ((i (- (%shortest "vector-fold-right" vectors) 1)) (state init))
         (if (< i 0)
             state
             (loop (- i 1) (apply f state (%elements vectors i)))))))))

;; (vector-count pred vector1 vector2 ...): how many elements of the shortest vector, with those of the others, satisfy
;; `pred`. (vector-index pred vector1 vector2 ...): index of the first that do, or #f.
(define vector-count
  (case-lambda
    ((pred v)
     (let ((n (%vector-size "vector-count" v)))
       (let loop ((i 0) (count 0))
         (if (< i n)
             (loop (+ i 1) (if (pred (vector-ref v i)) (+ count 1) count))
             count))))
    ((pred vector1 . more)
     (let* ((vectors (cons vector1 more)) (n (%shortest "vector-count" vectors)))
       (let loop ((i 0) (count 0))
         (if (< i n)
             (loop (+ i 1) (if (apply pred (%elements vectors i)) (+ count 1) count))
             count))))))
(define vector-index
  (case-lambda
    ((pred v)
     (let ((n (%vector-size "vector-index" v)))
       (let loop ((i 0))
         (cond ((= i n) #f)
               ((pred (vector-ref v i)) i)
               (else (loop (+ i 1)))))))
    ((pred vector1 . more)
     (let* ((vectors (cons vector1 more)) (n (%shortest "vector-index" vectors)))
       (let loop ((i 0))
         (cond ((= i n) #f)
               ((apply pred (%elements vectors i)) i)
               (else (loop (+ i 1)))))))))

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

;; (vector-sort less? vector [start [end]]): the elements start ... end - 1, sorted; stable. Error: not a vector.
(define vector-sort
  (case-lambda
    ((less? v) (%vector-sort less? v 0 (%vector-size "vector-sort" v)))
    ((less? v start) (%vector-sort less? v start (%vector-size "vector-sort" v)))
    ((less? v start end) (%vector-sort less? v start end))))

(define (%vector-sort less? v start end) (list->vector (list-sort less? (vector->list v start end))))

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
