;; Lexical syntax: comments, strings, characters, numbers, identifiers.
;; expect: (1 2 3)
;; expect: a"b\c
;; expect: tab|	|
;; expect: λx → é
;; expect: one two
;; expect: (97 32 10 955 0 127)
;; expect: (255 5 -8 10 1/2 1000.0 0.5)
;; expect: foobar
;; expect: (#t #f #t #f)
;; expect: ''a
;; expect: (a b)
;; expect: #u8(1 2 255)
(print '(1 #;(hidden (datum)) 2 #| block #| nested |# |# 3)) ; line
(print "a\"b\\c")
(print "tab|\t|")
(print "\x3bb;x \x2192; é")
(print "one \
        two")
(print (map char->integer '(#\a #\space #\newline #\λ #\null #\x7f)))
(print (list #xff #b101 #o-10 #d10 #e0.5 #i1e3 .5))
(print 'foobar)
(print (list #true #false #t #f))
(write '''a) (newline)
(print '(a . (b . ())))
(print #u8(1 2 255))
