;; An unbound variable: a warning of the compiler, an error when it is reached.
;; expect: reached
;; expect-error: unbound variable
;; expect-error: no-such-variable
;; exit: 70
(print 'reached)
(print no-such-variable)
