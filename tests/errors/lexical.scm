;; error 5:8 unknown character name
;; error 6:8 unknown `#` syntax
;; error 7:16 only one datum may follow the dot
;; error 8:9 unknown escape
(print #\nosuchchar)
(print #q)
(print '(1 . 2 3))
(print "\q")
