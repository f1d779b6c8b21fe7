;; What an exception says cannot act on the terminal, look like another report, or fill the disk.
;; expect-error: error in main: bad\n\x1b;[2J\x9b;x\x202e;y: "caf
;; expect-error: zzz...
;; expect-no-error: zzzz"
;; exit: 70
(define (main) (error (string-append "bad\n" (string #\x1b) "[2J" (string #\x9b) "x" (string #\x202e) "y") "café" (make-string 100000 #\z)))
