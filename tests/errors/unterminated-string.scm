;; error 2:8 this string is never closed
(print "unterminated
