;;; char.scm: characters: comparison and classes.

(define-inline (%check-chars who a b)
  (if (char? a)
      (if (char? b) (void) (%wrong-type who b))
      (%wrong-type who a)))

;; (char=? a b ...), (char<? a b ...), (char>? a b ...), (char<=? a b ...),
;; (char>=? a b ...): comparison by code point. Error: not a character.
(define-inline char=?
  (case-lambda
    ((a b) (%check-chars "char=?" a b) (eq? a b))
    ((a . rest) (%char-chain (lambda (x y) (= x y)) "char=?" a rest))))
(define-inline char<?
  (case-lambda
    ((a b) (%check-chars "char<?" a b) (< (char->integer a) (char->integer b)))
    ((a . rest) (%char-chain (lambda (x y) (< x y)) "char<?" a rest))))
(define-inline char>?
  (case-lambda
    ((a b) (%check-chars "char>?" a b) (> (char->integer a) (char->integer b)))
    ((a . rest) (%char-chain (lambda (x y) (> x y)) "char>?" a rest))))
(define-inline char<=?
  (case-lambda
    ((a b) (%check-chars "char<=?" a b) (<= (char->integer a) (char->integer b)))
    ((a . rest) (%char-chain (lambda (x y) (<= x y)) "char<=?" a rest))))
(define-inline char>=?
  (case-lambda
    ((a b) (%check-chars "char>=?" a b) (>= (char->integer a) (char->integer b)))
    ((a . rest) (%char-chain (lambda (x y) (>= x y)) "char>=?" a rest))))

;; (%char-chain holds? who first rest): `holds?` compares code points.
(define (%char-chain holds? who first rest)
  (%chain char? (lambda (a b) (holds? (char->integer a) (char->integer b))) who first rest))

;; (char-ci=? a b ...) and so on: the same without regard to case.
(define (char-ci=? . chars) (apply char=? (map (lambda (c) (char-foldcase c)) chars)))
(define (char-ci<? . chars) (apply char<? (map (lambda (c) (char-foldcase c)) chars)))
(define (char-ci>? . chars) (apply char>? (map (lambda (c) (char-foldcase c)) chars)))
(define (char-ci<=? . chars) (apply char<=? (map (lambda (c) (char-foldcase c)) chars)))
(define (char-ci>=? . chars) (apply char>=? (map (lambda (c) (char-foldcase c)) chars)))

;; (%class? who char bit): whether that bit of the character's class is set.
(define (%class? who char bit)
  (if (char? char) (void) (%wrong-type who char))
  (not (= 0 (%bitwise-and (%char-class char) bit))))

;; (char-alphabetic? char), (char-numeric? char), (char-whitespace? char),
;; (char-upper-case? char), (char-lower-case? char): Unicode properties. Error:
;; not a character.
(define (char-alphabetic? char) (%class? "char-alphabetic?" char 1))
(define (char-numeric? char) (%class? "char-numeric?" char 2))
(define (char-whitespace? char) (%class? "char-whitespace?" char 4))
(define (char-upper-case? char) (%class? "char-upper-case?" char 8))
(define (char-lower-case? char) (%class? "char-lower-case?" char 16))
