;; Names of libraries that are no lists: one error an import.
;; error 6:9 import: this is no library name and no import set
;; note 6:9 the name of a library is a list: (import (scheme base))
;; error 7:9 import: this is no library name and no import set
;; note 7:9 the name of a library is a list: (import (scheme base))
(import scheme base)
(import "scheme/base")
