;;; String matching by the algorithm of Smith and Waterman (with affine gaps): the
;;; best local alignment of one sequence with each of n others, 32 letters each.
;;; Arguments: n, repeats.
(include "measure.scm")

(define sequence-length 32)

(define (next-random seed) (modulo (+ (* seed 1103515245) 12345) 2147483648))

(define (make-sequence length seed)
  (if (= length 0)
      '()
      (cons (modulo (quotient seed 65536) 20)
            (make-sequence (- length 1) (next-random seed)))))

(define (make-sequences n seed)
  (if (= n 0)
      '()
      (cons (make-sequence sequence-length seed)
            (make-sequences (- n 1) (next-random (+ seed n))))))

(define (larger a b) (if (< a b) b a))

;; A cell of the table: best score of an alignment that ends here, that ends here
;; with a gap in the row, that ends here with a gap in the column.
(define (best cell) (vector-ref cell 0))
(define (row-gap cell) (vector-ref cell 1))
(define (column-gap cell) (vector-ref cell 2))

(define origin (vector 0 0 0))

(define (make-cell-between top side upper-left upper left)
  (let* ((in-row (larger (- (best left) 3) (- (row-gap left) 1)))
         (in-column (larger (- (best upper) 3) (- (column-gap upper) 1)))
         (match (+ (best upper-left) (if (= top side) 2 -1))))
    (vector (larger 0 (larger match (larger in-row in-column))) in-row in-column)))

;; The row below `above` for the letter `side`; `above` has one cell per letter of `tops`.
(define (next-row tops side above upper-left left)
  (if (null? tops)
      '()
      (let ((cell (make-cell-between (car tops) side upper-left (car above) left)))
        (cons cell (next-row (cdr tops) side (cdr above) (car above) cell)))))

(define (best-of-row row score)
  (if (null? row)
      score
      (best-of-row (cdr row) (larger score (best (car row))))))

(define (match-rows tops sides above score)
  (if (null? sides)
      score
      (let ((row (next-row tops (car sides) above origin origin)))
        (match-rows tops (cdr sides) row (best-of-row row score)))))

(define (zero-row tops)
  (if (null? tops)
      '()
      (cons origin (zero-row (cdr tops)))))

(define (match-all sequences side sum)
  (if (null? sequences)
      sum
      (match-all (cdr sequences) side
                 (+ sum (match-rows (car sequences) side (zero-row (car sequences)) 0)))))

(define (main n repeats)
  (let ((sequences (make-sequences (string->number n) 1))
        (side (make-sequence sequence-length 0)))
    (measure "smith" (string->number repeats) 1 (lambda () (match-all sequences side 0)))))
