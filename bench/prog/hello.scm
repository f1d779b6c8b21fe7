;;; The smallest program: time from start to exit, and time to compile.
(display "hello")
(newline)
