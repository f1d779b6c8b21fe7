;; Patterns that begin with a word, not well made.
;; error 17:11 the pattern of record `<p>` needs 1 part, one for each field
;; error 18:20 a record type is needed here: the pattern is (record: type pattern ...)
;; error 19:11 `record:` begins a pattern: (record: type pattern ...)
;; error 20:11 `is:` begins a pattern: (is: predicate pattern ...)
;; error 21:11 `and:` begins a pattern: (and: pattern ...)
;; error 22:11 `or:` begins a pattern: (or: pattern ...)
;; error 23:11 `not:` begins a pattern: (not: pattern)
;; error 24:17 `x` gets no value in `not:`: write `_`
;; error 25:17 `x` must be in every alternative of `or:`
;; error 26:17 `x` must be in every alternative of `or:`
;; error 27:19 `x` must be in every alternative of `or:`
;; error 28:11 `or:` begins a pattern: (or: pattern ...)
;; error 29:14 `is:` begins a pattern: (is: predicate pattern ...)
;; error 30:15 `is:` begins a pattern: (is: predicate pattern ...)
(define-record-type <p> (mk a) p? (a pa))
(match 1 ((record: <p> a b) a))
(match 1 ((record: p? a) a))
(match 1 ((record:) 1))
(match 1 ((is:) 1))
(match 1 ((and:) 1))
(match 1 ((or:) 1))
(match 1 ((not: 1 2) 1))
(match 1 ((not: x) 1))
(match 1 ((or: (x 1) (y 1)) x))
(match 1 ((or: (x 1) 1) x))
(match 1 ((or: 1 (x 1) ) x))
(match 1 (or: 1))
(match 1 ((a is: . 5) 1))
(match 1 (#(a is:) 1))
