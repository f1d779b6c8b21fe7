;; error 3:23 there is no library (no such library)
;; error 4:33 the library does not export `nothing`
(import (scheme base) (no such library))
(import (only (scheme base) car nothing))
(car '(1))
