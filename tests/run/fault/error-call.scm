;; `error`: message and irritants are in the report.
;; expect-error: cannot open
;; expect-error: file.txt
;; expect-error: open-it
;; exit: 70
(define (open-it name) (error "cannot open" name 'today) 1)
(print (open-it "file.txt"))
