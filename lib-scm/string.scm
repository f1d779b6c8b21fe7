;;; string.scm: strings. They are immutable sequences of characters; indices
;;; count characters. What looks at every character goes over the list of them,
;;; so that it is linear for text that is not ASCII, too.

;; (%string-size who s): the length of `s`, an argument of the procedure `who`.
(define-inline (%string-size who s)
  (if (string? s) (string-length s) (%wrong-type who s)))

;;; ---- construction -----------------------------------------------------

;; (make-string n [char]): `n` times `char` (a space). Error: not an index, not a
;; character.
(define-inline make-string
  (case-lambda
    ((n) (%make-string n #\space))
    ((n char) (%make-string n char))))

;; (string char ...): string of the characters.
(define-inline (string . chars) (list->string chars))

;; (string-append string ...): the strings in one. Error: not a string.
(define-inline string-append
  (case-lambda
    ((a b) (%string-append2 a b))
    (strings (%string-concatenate strings))))

;; (string-concatenate strings): the strings of a list in one.
(define-inline (string-concatenate strings) (%string-concatenate strings))

;; (string-join strings [delimiter]): the strings of a list with `delimiter` (a
;; space) between them.
(define string-join
  (case-lambda
    ((strings) (%string-join strings " "))
    ((strings delimiter) (%string-join strings delimiter))))

(define (%string-join strings delimiter)
  (if (pair? strings)
      (%string-concatenate
       (cons (car strings)
             (append-map (lambda (s) (list delimiter s)) (cdr strings))))
      (begin (%check-end "string-join" strings) "")))

;;; ---- parts ------------------------------------------------------------

;; (substring string start [end]), (string-copy string [start [end]]): the
;; characters start ... end - 1. Error: not a string, out of range.
(define-inline substring
  (case-lambda
    ((s start end) (%substring s start end))
    ((s start) (%substring s start (%string-size "substring" s)))))
(define-inline string-copy
  (case-lambda
    ((s) (%substring s 0 (%string-size "string-copy" s)))
    ((s start) (%substring s start (%string-size "string-copy" s)))
    ((s start end) (%substring s start end))))

;; (string-head string end), (string-tail string start), (string-take string n),
;; (string-drop string n): the characters in front of a place, or behind it.
(define-inline (string-head s end) (%substring s 0 end))
(define-inline (string-tail s start) (%substring s start (%string-size "string-tail" s)))
(define-inline (string-take s n) (%substring s 0 n))
(define-inline (string-drop s n) (%substring s n (%string-size "string-drop" s)))
(define (string-take-right s n)
  (let ((size (%string-size "string-take-right" s))) (%substring s (- size n) size)))
(define (string-drop-right s n) (%substring s 0 (- (%string-size "string-drop-right" s) n)))

;; (string-null? string): whether it is empty. Error: not a string.
(define-inline (string-null? s) (= 0 (string-length s)))

;;; ---- conversion -------------------------------------------------------

;; (string->list string [start [end]]): list of the characters.
(define-inline string->list
  (case-lambda
    ((s) (%string->list s 0 (%string-size "string->list" s)))
    ((s start) (%string->list s start (%string-size "string->list" s)))
    ((s start end) (%string->list s start end))))

;; (string->vector string [start [end]]), (vector->string vector [start [end]]):
;; between strings and vectors of characters.
(define string->vector
  (case-lambda
    ((s) (list->vector (string->list s)))
    ((s start) (list->vector (string->list s start)))
    ((s start end) (list->vector (string->list s start end)))))
(define vector->string
  (case-lambda
    ((v) (list->string (vector->list v)))
    ((v start) (list->string (vector->list v start)))
    ((v start end) (list->string (vector->list v start end)))))

;; (string-reverse string): the characters in reverse order.
(define (string-reverse s) (list->string (reverse (string->list s))))

;; (symbol-append symbol ...): symbol of the names in one.
(define (symbol-append . symbols)
  (string->symbol (%string-concatenate (map (lambda (s) (symbol->string s)) symbols))))

;;; ---- comparison -------------------------------------------------------

(define-inline (%check-strings who a b)
  (if (string? a)
      (if (string? b) (void) (%wrong-type who b))
      (%wrong-type who a)))

;; (string=? a b ...), (string<? a b ...), (string>? a b ...), (string<=? a b ...),
;; (string>=? a b ...): comparison by code points. Error: not a string.
(define-inline string=?
  (case-lambda
    ((a b) (%check-strings "string=?" a b) (equal? a b))
    ((a . rest) (%string-chain (lambda (order) (= order 0)) "string=?" a rest))))
(define-inline string<?
  (case-lambda
    ((a b) (%check-strings "string<?" a b) (< (%string-compare a b) 0))
    ((a . rest) (%string-chain (lambda (order) (< order 0)) "string<?" a rest))))
(define-inline string>?
  (case-lambda
    ((a b) (%check-strings "string>?" a b) (> (%string-compare a b) 0))
    ((a . rest) (%string-chain (lambda (order) (> order 0)) "string>?" a rest))))
(define-inline string<=?
  (case-lambda
    ((a b) (%check-strings "string<=?" a b) (<= (%string-compare a b) 0))
    ((a . rest) (%string-chain (lambda (order) (<= order 0)) "string<=?" a rest))))
(define-inline string>=?
  (case-lambda
    ((a b) (%check-strings "string>=?" a b) (>= (%string-compare a b) 0))
    ((a . rest) (%string-chain (lambda (order) (>= order 0)) "string>=?" a rest))))

(define (%string-chain ordered? who first rest)
  (%chain string? (lambda (a b) (ordered? (%string-compare a b))) who first rest))

;; (string-ci=? a b ...) and so on: the same without regard to case.
(define (string-ci=? . strings) (apply string=? (%fold-cases strings)))
(define (string-ci<? . strings) (apply string<? (%fold-cases strings)))
(define (string-ci>? . strings) (apply string>? (%fold-cases strings)))
(define (string-ci<=? . strings) (apply string<=? (%fold-cases strings)))
(define (string-ci>=? . strings) (apply string>=? (%fold-cases strings)))

(define (%fold-cases strings) (map (lambda (s) (string-foldcase s)) strings))

;; (string-prefix? prefix string), (string-suffix? suffix string): whether the
;; string begins, ends so. Error: not a string.
(define (string-prefix? prefix s)
  (let ((n (string-length prefix)))
    (and (<= n (string-length s)) (equal? prefix (%substring s 0 n)))))
(define (string-suffix? suffix s)
  (let ((n (string-length suffix)) (m (string-length s)))
    (and (<= n m) (equal? suffix (%substring s (- m n) m)))))

;;; ---- iteration --------------------------------------------------------

;; (string-map f string1 string2 ...): string of the characters that `f` gives.
(define string-map
  (case-lambda
    ((f s) (list->string (map f (string->list s))))
    ((f . strings) (list->string (apply map f (%lists-of-strings strings))))))

;; (string-for-each f string1 string2 ...): call `f` on the characters in order.
(define string-for-each
  (case-lambda
    ((f s) (for-each f (string->list s)))
    ((f . strings) (apply for-each f (%lists-of-strings strings)))))

(define (%lists-of-strings strings) (map (lambda (s) (string->list s)) strings))

;; (string-count string pred [start [end]]): how many characters satisfy `pred`
;; (a procedure, or a character to be equal to).
(define string-count
  (case-lambda
    ((s pred) (count (%char-matcher pred) (string->list s)))
    ((s pred start) (count (%char-matcher pred) (string->list s start)))
    ((s pred start end) (count (%char-matcher pred) (string->list s start end)))))

;; (string-filter pred string): the characters that satisfy `pred`.
(define (string-filter pred s)
  (list->string (filter (%char-matcher pred) (string->list s))))

;; A predicate from a predicate or a character.
(define (%char-matcher pred)
  (if (char? pred) (lambda (c) (eq? c pred)) pred))

;;; ---- searching --------------------------------------------------------

;; (string-index string pred [start]): index of the first character that
;; satisfies `pred` (a procedure or a character), or #f.
(define string-index
  (case-lambda
    ((s pred) (%string-index s pred 0))
    ((s pred start) (%string-index s pred start))))

(define (%string-index s pred start)
  (%string-size "string-index" s)
  (let ((i (list-index (%char-matcher pred) (string->list s start))))
    (and i (+ i start))))

;; (string-rindex string pred): index of the last one, or #f.
(define (string-rindex s pred)
  (let ((i (list-index (%char-matcher pred) (reverse (string->list s)))))
    (and i (- (string-length s) i 1))))

;; (string-contains string pattern [start]): index of the first occurrence of
;; the string `pattern`, or #f.
(define string-contains
  (case-lambda
    ((s pattern) (%string-search s pattern 0))
    ((s pattern start) (%string-search s pattern start))))

(define (%string-search s pattern start)
  (%string-size "string-contains" s)
  (%string-size "string-contains" pattern)
  (let ((wanted (string->list pattern)))
    (let loop ((chars (string->list s start)) (i start))
      (cond ((%begins-with? chars wanted) i)
            ((pair? chars) (loop (cdr chars) (+ i 1)))
            (else #f)))))

(define (%begins-with? chars wanted)
  (or (null? wanted)
      (and (pair? chars)
           (eq? (car chars) (car wanted))
           (%begins-with? (cdr chars) (cdr wanted)))))

;; (string-search-forward pattern string start), (string-search-all pattern
;; string): index of the first occurrence or #f; list of all indices.
(define (string-search-forward pattern s start) (%string-search s pattern start))
(define (string-search-all pattern s)
  (let loop ((start 0))
    (let ((i (%string-search s pattern start)))
      (cond ((not i) '())
            ((< i (string-length s)) (cons i (loop (+ i 1))))
            (else (list i))))))

;; (string-split string [delimiter]): list of the parts between delimiters: a
;; character, a predicate, or a string that is not empty (default: a space).
;; (string-split "a,,b" #\,) is ("a" "" "b"); of "" it is ().
(define string-split
  (case-lambda
    ((s) (%string-split s #\space))
    ((s delimiter) (%string-split s delimiter))))

(define (%string-split s delimiter)
  (cond ((= 0 (%string-size "string-split" s)) '())
        ((not (string? delimiter)) (%split-at-chars s (%char-matcher delimiter)))
        ((string-null? delimiter) (%out-of-range "string-split" delimiter))
        (else (%split-at-strings s delimiter))))

(define (%split-at-chars s delimiter?)
  (let loop ((chars (string->list s)) (part '()))
    (cond ((null? chars) (list (list->string (reverse part))))
          ((delimiter? (car chars))
           (cons (list->string (reverse part)) (loop (cdr chars) '())))
          (else (loop (cdr chars) (cons (car chars) part))))))

(define (%split-at-strings s delimiter)
  (let ((n (string-length delimiter)))
    (let loop ((start 0))
      (let ((i (%string-search s delimiter start)))
        (if i
            (cons (%substring s start i) (loop (+ i n)))
            (list (%substring s start (string-length s))))))))

;; (string-replace-all string pattern replacement): every occurrence of the
;; string `pattern`, which is not empty, replaced.
(define (string-replace-all s pattern replacement)
  (if (string-null? s) s (%string-join (%string-split s pattern) replacement)))

;;; ---- padding, trimming ------------------------------------------------

;; (string-pad-left string n [char]): exactly `n` characters: `char` (a space)
;; added in front, or characters dropped from the front.
(define string-pad-left
  (case-lambda
    ((s n) (%string-pad-left s n #\space))
    ((s n char) (%string-pad-left s n char))))

(define (%string-pad-left s n char)
  (let ((size (%string-size "string-pad-left" s)))
    (if (< n size)
        (%substring s (- size n) size)
        (%string-append2 (%make-string (- n size) char) s))))

;; (string-pad-right string n [char]): the same at the end.
(define string-pad-right
  (case-lambda
    ((s n) (%string-pad-right s n #\space))
    ((s n char) (%string-pad-right s n char))))

(define (%string-pad-right s n char)
  (let ((size (%string-size "string-pad-right" s)))
    (if (< n size)
        (%substring s 0 n)
        (%string-append2 s (%make-string (- n size) char)))))

;; (string-pad string n [char]): as string-pad-left.
(define string-pad
  (case-lambda
    ((s n) (%string-pad-left s n #\space))
    ((s n char) (%string-pad-left s n char))))

;; (string-trim string), (string-trim-left string), (string-trim-right string):
;; without white space at both ends, at the beginning, at the end.
(define (string-trim-left s)
  (list->string (drop-while char-whitespace? (string->list s))))
(define (string-trim-right s)
  (list->string (reverse (drop-while char-whitespace? (reverse (string->list s))))))
(define (string-trim s) (string-trim-right (string-trim-left s)))
