;; exit in any process leaves the program.
;; exit: 3
(spawn (lambda () (exit 3)))
(?)
