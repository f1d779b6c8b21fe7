(import (scheme base) (no such library))
;; error 1:23 import: there is no library (no such library)
(import (only (scheme base) car prnt))
;; error 3:33 import: the library does not export `prnt`
