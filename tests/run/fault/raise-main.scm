;; An uncaught exception in the main process: report with function and line, exit code 70.
;; expect: before
;; expect-error: raise-main.scm:10
;; expect-error: troublesome
;; expect-error: 42
;; exit: 70
(define (troublesome x)
  (if (> x 5)
      (begin
        (raise 42)
        (print 'not-reached))
      x))
(print 'before)
(print (+ 1 (troublesome 10)))
