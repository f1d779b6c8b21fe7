;;; string.scm: strings. They are immutable sequences of characters; indices
;;; count characters. What looks at one character after the other goes from place to
;;; place, which are bytes (rt/abi/prims.def, %string-char). Names that SRFI 13, 130 or 152
;;; has mean what they mean there; LANGUAGE.md lists the differences.

;; (%string-size who s): the length of `s`, an argument of the procedure `who`.
(define-inline (%string-size who s)
  (if (string? s) (string-length s) (%wrong-type who s)))

;; (%check-range who s start end): `s` is a string that has characters start ... end - 1.
(define (%check-range who s start end)
  (let ((size (%string-size who s)))
    (%check-index who end)
    (if (> end size) (%outside who end 0 size) (void))
    (%check-index who start)
    (if (> start end) (%outside who start 0 end) (void))))

;; (%with-places who s start end use): `use` of the places of both indices.
(define-inline (%with-places who s start end use)
  (%check-range who s start end)
  (use (%string-offset s start) (%string-offset s end)))

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

;; (string-join strings [delimiter [grammar]]): the strings of a list with `delimiter` (a
;; space) between them. `grammar`: infix, strict-infix (an empty list is an error),
;; prefix (the delimiter in front of each), suffix (behind each).
(define string-join
  (case-lambda
    ((strings) (%string-join strings " "))
    ((strings delimiter) (%string-join strings delimiter))
    ((strings delimiter grammar) (%string-join-as strings delimiter grammar))))

(define (%string-join-as strings delimiter grammar)
  (case grammar
    ((infix) (%string-join strings delimiter))
    ((strict-infix)
     (if (null? strings) (%out-of-range "string-join" strings) (%string-join strings delimiter)))
    ((prefix) (if (null? strings) "" (%string-join (cons "" strings) delimiter)))
    ((suffix) (if (null? strings) "" (%string-append2 (%string-join strings delimiter) delimiter)))
    (else (%out-of-range "string-join" grammar))))

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

;; (string-reverse string [start [end]]): the characters in reverse order.
(define string-reverse
  (case-lambda
    ((s) (%string-reverse s 0 (%string-size "string-reverse" s)))
    ((s start) (%string-reverse s start (%string-size "string-reverse" s)))
    ((s start end) (%string-reverse s start end))))

(define (%string-reverse s start end)
  (%with-places "string-reverse" s start end
    (lambda (from to)
      (let loop ((i from) (chars '()))
        (if (< i to)
            (let ((c (%string-char s i))) (loop (+ i (%char-bytes c)) (cons c chars)))
            (list->string chars))))))

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

;; (string-prefix? prefix string [start1 [end1 [start2 [end2]]]]), (string-suffix? suffix
;; string ...): whether the string begins, ends so; of parts of both. Error: not a string.
(define-inline string-prefix?
  (case-lambda
    ((prefix s) (%string-prefix? prefix s))
    ((prefix s . range) (%on-parts "string-prefix?" %string-prefix? prefix s range))))
(define-inline string-suffix?
  (case-lambda
    ((suffix s) (%string-suffix? suffix s))
    ((suffix s . range) (%on-parts "string-suffix?" %string-suffix? suffix s range))))

(define (%string-prefix? prefix s)
  (let ((n (%string-size "string-prefix?" prefix)))
    (and (<= n (%string-size "string-prefix?" s)) (equal? prefix (%substring s 0 n)))))
(define (%string-suffix? suffix s)
  (let ((n (%string-size "string-suffix?" suffix)) (m (%string-size "string-suffix?" s)))
    (and (<= n m) (equal? suffix (%substring s (- m n) m)))))

;; (%on-parts who f a b range): `f` of the parts of both strings.
(define (%on-parts who f a b range)
  (let* ((sizes (list 0 (%string-size who a) 0 (%string-size who b)))
         (n (length range)))
    (if (> n 4) (%wrong-type who range) (void))
    (let ((r (append range (list-tail sizes n))))
      (%check-range who a (car r) (cadr r))
      (%check-range who b (caddr r) (cadddr r))
      (f (%substring a (car r) (cadr r)) (%substring b (caddr r) (cadddr r))))))

;;; ---- iteration --------------------------------------------------------

;; (string-map f string1 string2 ...): string of the characters that `f` gives.
(define string-map
  (case-lambda
    ((f s) (list->string (%map-chars "string-map" f s)))
    ((f string1 . more) (list->string (apply map f (%lists-of-strings (cons string1 more)))))))

(define (%map-chars who f s)
  (%string-size who s)
  (let ((end (%string-bytes s)))
    (let loop ((i 0))
      (if (< i end)
          (let* ((c (%string-char s i)) (v (f c)))
            (cons v (loop (+ i (%char-bytes c)))))
          '()))))

;; (string-for-each f string1 string2 ...): call `f` on the characters in order.
(define string-for-each
  (case-lambda
    ((f s)
     (%string-size "string-for-each" s)
     (let ((end (%string-bytes s)))
       (let loop ((i 0))
         (if (< i end)
             (let ((c (%string-char s i)))
               (f c)
               (loop (+ i (%char-bytes c))))
             (void)))))
    ((f string1 . more) (apply for-each f (%lists-of-strings (cons string1 more))))))

(define (%lists-of-strings strings) (map (lambda (s) (string->list s)) strings))

;; (string-count string pred [start [end]]): how many characters satisfy `pred`
;; (a procedure, or a character to be equal to).
(define string-count
  (case-lambda
    ((s pred) (%string-count s pred 0 (%string-size "string-count" s)))
    ((s pred start) (%string-count s pred start (%string-size "string-count" s)))
    ((s pred start end) (%string-count s pred start end))))

(define (%string-count s pred start end)
  (let ((matches? (%char-matcher pred)))
    (%with-places "string-count" s start end
      (lambda (from to)
        (let loop ((i from) (n 0))
          (if (< i to)
              (let ((c (%string-char s i)))
                (loop (+ i (%char-bytes c)) (if (matches? c) (+ n 1) n)))
              n))))))

;; (string-filter pred string [start [end]]), (string-remove pred string [start [end]]): the
;; characters that satisfy `pred` (a procedure or a character), that do not.
(define string-filter
  (case-lambda
    ((pred s) (%string-filter "string-filter" (%char-matcher pred) s 0 (%string-size "string-filter" s)))
    ((pred s start)
     (%string-filter "string-filter" (%char-matcher pred) s start (%string-size "string-filter" s)))
    ((pred s start end) (%string-filter "string-filter" (%char-matcher pred) s start end))))
(define string-remove
  (case-lambda
    ((pred s) (%string-filter "string-remove" (%char-unmatcher pred) s 0 (%string-size "string-remove" s)))
    ((pred s start)
     (%string-filter "string-remove" (%char-unmatcher pred) s start (%string-size "string-remove" s)))
    ((pred s start end) (%string-filter "string-remove" (%char-unmatcher pred) s start end))))

(define (%string-filter who matches? s start end)
  (%with-places who s start end
    (lambda (from to)
      (list->string
       (let loop ((i from))
         (if (< i to)
             (let* ((c (%string-char s i)) (next (+ i (%char-bytes c))))
               (if (matches? c) (cons c (loop next)) (loop next)))
             '()))))))

;; A predicate from a predicate or a character; the opposite one.
(define (%char-matcher pred)
  (if (char? pred) (lambda (c) (eq? c pred)) pred))
(define (%char-unmatcher pred)
  (let ((matches? (%char-matcher pred))) (lambda (c) (not (matches? c)))))

;;; ---- searching --------------------------------------------------------

;; (string-index string pred [start [end]]), (string-skip ...): index of the first character
;; that satisfies `pred` (a procedure or a character), that does not; or #f.
(define string-index
  (case-lambda
    ((s pred) (%string-index s pred 0 (%string-size "string-index" s)))
    ((s pred start) (%string-index s pred start (%string-size "string-index" s)))
    ((s pred start end) (%string-index s pred start end))))
(define string-skip
  (case-lambda
    ((s pred) (%index-where "string-skip" s (%char-unmatcher pred) 0 (%string-size "string-skip" s)))
    ((s pred start)
     (%index-where "string-skip" s (%char-unmatcher pred) start (%string-size "string-skip" s)))
    ((s pred start end) (%index-where "string-skip" s (%char-unmatcher pred) start end))))

(define (%string-index s pred start end)
  (cond ((char? pred)
         (%check-range "string-index" s start end)
         (%string-find (%make-string 1 pred) s start end))
        (else (%index-where "string-index" s pred start end))))

(define (%index-where who s matches? start end)
  (%with-places who s start end
    (lambda (from to)
      (let loop ((i from))
        (if (< i to)
            (let ((c (%string-char s i)))
              (if (matches? c)
                  (%string-index-of s i)
                  (loop (+ i (%char-bytes c)))))
            #f)))))

;; (string-index-right string pred [start [end]]), (string-skip-right ...): index of the last
;; one, or #f. (string-rindex string pred): string-index-right.
(define string-index-right
  (case-lambda
    ((s pred) (%string-index-right s pred 0 (%string-size "string-index-right" s)))
    ((s pred start) (%string-index-right s pred start (%string-size "string-index-right" s)))
    ((s pred start end) (%string-index-right s pred start end))))
(define string-skip-right
  (case-lambda
    ((s pred)
     (%index-where-right "string-skip-right" s (%char-unmatcher pred) 0 (%string-size "string-skip-right" s)))
    ((s pred start)
     (%index-where-right "string-skip-right" s (%char-unmatcher pred) start
                         (%string-size "string-skip-right" s)))
    ((s pred start end) (%index-where-right "string-skip-right" s (%char-unmatcher pred) start end))))
(define (string-rindex s pred) (%string-index-right s pred 0 (%string-size "string-rindex" s)))

(define (%string-index-right s pred start end)
  (cond ((char? pred)
         (%check-range "string-index-right" s start end)
         (%string-find-last (%make-string 1 pred) s start end))
        (else (%index-where-right "string-index-right" s pred start end))))

(define (%index-where-right who s matches? start end)
  (%with-places who s start end
    (lambda (from to)
      (let loop ((i to))
        (if (< from i)
            (let* ((c (%string-char-before s i)) (at (- i (%char-bytes c))))
              (if (matches? c) (%string-index-of s at) (loop at)))
            #f)))))

;; (string-contains string pattern [start1 [end1 [start2 [end2]]]]), (string-contains-right
;; ...): index of the first, the last occurrence of (that part of) the string `pattern` in (that
;; part of) `string`, or #f.
(define string-contains
  (case-lambda
    ((s pattern) (%string-search "string-contains" s pattern 0))
    ((s pattern start) (%string-search "string-contains" s pattern start))
    ((s pattern start . range) (%search-parts "string-contains" %string-find s pattern start range))))
(define string-contains-right
  (case-lambda
    ((s pattern) (%search-parts "string-contains-right" %string-find-last s pattern 0 '()))
    ((s pattern start . range)
     (%search-parts "string-contains-right" %string-find-last s pattern start range))))

(define (%string-search who s pattern start)
  (let ((end (%string-size who s)))
    (%string-size who pattern)
    (%check-range who s start end)
    (%string-find pattern s start end)))

(define (%search-parts who find s pattern start range)
  (let* ((n (length range))
         (sizes (list (%string-size who s) 0 (%string-size who pattern))))
    (if (> n 3) (%wrong-type who range) (void))
    (let ((r (append range (list-tail sizes n))))
      (%check-range who s start (car r))
      (%check-range who pattern (cadr r) (caddr r))
      (find (%substring pattern (cadr r) (caddr r)) s start (car r)))))

;; (string-search-forward pattern string start): index of the first occurrence from there on,
;; or #f. (string-search-backward pattern string end): index behind the last occurrence in
;; front of `end`, or #f. (string-search-all pattern string): list of all indices.
(define (string-search-forward pattern s start)
  (%string-search "string-search-forward" s pattern start))
(define (string-search-backward pattern s end)
  (let ((m (%string-size "string-search-backward" pattern)))
    (%check-range "string-search-backward" s 0 end)
    (let ((i (%string-find-last pattern s 0 end)))
      (and i (+ i m)))))
(define (string-search-all pattern s)
  (%string-size "string-search-all" pattern)
  (%string-find-all pattern s 0 (%string-size "string-search-all" s)))

;; (string-split string [delimiter [grammar [limit [start [end]]]]]): list of the parts between
;; delimiters: a string, a character or a predicate (default: a space).
;; (string-split "a,,b" #\,) is ("a" "" "b"); of "" it is (); an empty delimiter gives
;; the characters. `grammar` as for string-join (prefix, suffix: one empty part less at
;; that end); at most `limit` splits (#f: any number).
(define string-split
  (case-lambda
    ((s) (%string-split s #\space))
    ((s delimiter) (%string-split s delimiter))
    ((s delimiter grammar) (%string-split-as s delimiter grammar #f))
    ((s delimiter grammar limit) (%string-split-as s delimiter grammar limit))
    ((s delimiter grammar limit start)
     (%string-split-as (substring s start) delimiter grammar limit))
    ((s delimiter grammar limit start end)
     (%string-split-as (%substring s start end) delimiter grammar limit))))

(define (%string-split s delimiter)
  (cond ((= 0 (%string-size "string-split" s)) '())
        ((char? delimiter) (%string-pieces (%make-string 1 delimiter) s))
        ((not (string? delimiter)) (%split-where s delimiter))
        ((string-null? delimiter) (%map-chars "string-split" string s))
        (else (%string-pieces delimiter s))))

(define (%split-where s delimiter?)
  (let ((end (%string-bytes s)))
    (let loop ((from 0) (i 0))
      (if (< i end)
          (let* ((c (%string-char s i)) (next (+ i (%char-bytes c))))
            (if (delimiter? c)
                (let ((part (%string-part s from i))) (cons part (loop next next)))
                (loop from next)))
          (list (%string-part s from end))))))

(define (%string-split-as s delimiter grammar limit)
  (if limit (%check-index "string-split" limit) (void))
  (if (memq grammar '(infix strict-infix prefix suffix)) (void) (%out-of-range "string-split" grammar))
  (if (= 0 (%string-size "string-split" s))
      (if (eq? grammar 'strict-infix) (%out-of-range "string-split" s) '())
      (let* ((parts (%string-split s delimiter))
             (parts (if limit (%limit-parts s delimiter parts limit) parts))
             (parts (if (and (eq? grammar 'prefix) (string-null? (car parts))) (cdr parts) parts)))
        (if (and (eq? grammar 'suffix) (pair? parts) (string-null? (last parts)))
            (drop-right parts 1)
            parts))))

;; The first `limit` parts, and what is behind them in one.
(define (%limit-parts s delimiter parts limit)
  (if (> (length parts) (+ limit 1))
      (let* ((size (if (string? delimiter) (string-length delimiter) 1))
             (rest (list-tail parts limit))
             (length-of-rest
              (+ (* size (- (length rest) 1)) (fold (lambda (part n) (+ n (string-length part))) 0 rest)))
             (end (string-length s)))
        (append (take parts limit) (list (%substring s (- end length-of-rest) end))))
      parts))

;; (string-replace-all string pattern replacement): every occurrence of the
;; string `pattern`, which is not empty, replaced.
(define (string-replace-all s pattern replacement)
  (%string-size "string-replace-all" pattern)
  (%string-size "string-replace-all" replacement)
  (cond ((= 0 (%string-size "string-replace-all" s)) s)
        ((string-null? pattern) (%out-of-range "string-replace-all" pattern))
        (else (%string-join (%string-pieces pattern s) replacement))))

;;; ---- padding, trimming ------------------------------------------------

;; (string-pad-left string n [char [start [end]]]), (string-pad ...): exactly `n` characters:
;; `char` (a space) added in front, or characters dropped from the front.
(define string-pad-left
  (case-lambda
    ((s n) (%string-pad-left s n #\space))
    ((s n char) (%string-pad-left s n char))
    ((s n char start) (%string-pad-left (substring s start) n char))
    ((s n char start end) (%string-pad-left (%substring s start end) n char))))
(define string-pad
  (case-lambda
    ((s n) (%string-pad-left s n #\space))
    ((s n char) (%string-pad-left s n char))
    ((s n char start) (%string-pad-left (substring s start) n char))
    ((s n char start end) (%string-pad-left (%substring s start end) n char))))

(define (%string-pad-left s n char)
  (let ((size (%string-size "string-pad-left" s)))
    (%check-index "string-pad-left" n)
    (if (< n size)
        (%substring s (- size n) size)
        (%string-append2 (%make-string (- n size) char) s))))

;; (string-pad-right string n [char [start [end]]]): the same at the end.
(define string-pad-right
  (case-lambda
    ((s n) (%string-pad-right s n #\space))
    ((s n char) (%string-pad-right s n char))
    ((s n char start) (%string-pad-right (substring s start) n char))
    ((s n char start end) (%string-pad-right (%substring s start end) n char))))

(define (%string-pad-right s n char)
  (let ((size (%string-size "string-pad-right" s)))
    (%check-index "string-pad-right" n)
    (if (< n size)
        (%substring s 0 n)
        (%string-append2 s (%make-string (- n size) char)))))

;; (string-trim string [pred [start [end]]]), (string-trim-left ...), (string-trim-right ...),
;; (string-trim-both ...): without the characters at the beginning (string-trim, as in SRFI 13, 130
;; and 152, and string-trim-left), at the end, at both ends that satisfy `pred` (a procedure
;; or a character; default: white space).
(define string-trim
  (case-lambda
    ((s) (%string-trim "string-trim" s char-whitespace? 0 (%string-size "string-trim" s) #t #f))
    ((s pred) (%string-trim "string-trim" s pred 0 (%string-size "string-trim" s) #t #f))
    ((s pred start) (%string-trim "string-trim" s pred start (%string-size "string-trim" s) #t #f))
    ((s pred start end) (%string-trim "string-trim" s pred start end #t #f))))
(define (string-trim-left s . options) (apply string-trim s options))
(define string-trim-right
  (case-lambda
    ((s) (%string-trim "string-trim-right" s char-whitespace? 0 (%string-size "string-trim-right" s) #f #t))
    ((s pred) (%string-trim "string-trim-right" s pred 0 (%string-size "string-trim-right" s) #f #t))
    ((s pred start)
     (%string-trim "string-trim-right" s pred start (%string-size "string-trim-right" s) #f #t))
    ((s pred start end) (%string-trim "string-trim-right" s pred start end #f #t))))
(define string-trim-both
  (case-lambda
    ((s) (%string-trim "string-trim-both" s char-whitespace? 0 (%string-size "string-trim-both" s) #t #t))
    ((s pred) (%string-trim "string-trim-both" s pred 0 (%string-size "string-trim-both" s) #t #t))
    ((s pred start)
     (%string-trim "string-trim-both" s pred start (%string-size "string-trim-both" s) #t #t))
    ((s pred start end) (%string-trim "string-trim-both" s pred start end #t #t))))

(define (%string-trim who s pred start end left? right?)
  (let ((drop? (%char-matcher pred)))
    (%with-places who s start end
      (lambda (from to)
        (let* ((from (if left? (%trim-left s drop? from to) from))
               (to (if right? (%trim-right s drop? from to) to)))
          (%string-part s from to))))))

(define (%trim-left s drop? from to)
  (if (< from to)
      (let ((c (%string-char s from)))
        (if (drop? c) (%trim-left s drop? (+ from (%char-bytes c)) to) from))
      from))
(define (%trim-right s drop? from to)
  (if (< from to)
      (let ((c (%string-char-before s to)))
        (if (drop? c) (%trim-right s drop? from (- to (%char-bytes c))) to))
      to))
