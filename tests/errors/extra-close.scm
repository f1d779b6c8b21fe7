;; error 2:10 nothing is open that this could close
(print 1))
(print 2)
