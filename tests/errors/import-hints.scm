;; Names and libraries that are not imported, or not there: which library to import.
;; error 15:23 import: there is no library (scheme wirte)
;; note 15:23 did you mean (scheme write)?
;; error 16:33 import: the library does not export `prnt`
;; error 16:38 import: the library does not export `lenght`
;; note 16:38 did you mean `length`?
;; error 16:45 import: the library does not export `filter`
;; note 16:45 it is in the library (srfi 1)
;; error 17:9 import: there is no library (srfi 133)
;; note 17:9 the SRFIs that are there: 1
;; error 17:20 import: there is no library (my stuff)
;; note 17:20 there is no such file:
;; error 19:22 `set!` does not exist: data and variables are immutable in Termite
;; note 19:22 keep changing state in a process, for example a cell: `make-cell`, `cell-ref`, `cell-set!`
(import (scheme base) (scheme wirte))
(import (only (scheme base) car prnt lenght filter))
(import (srfi 133) (my stuff))
(import (termite))
(define (f x) (when (set! x 1) 2))
