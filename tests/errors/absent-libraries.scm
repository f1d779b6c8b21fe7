;; Standard libraries of which something is missing are not there.
;; error 18:23 import: library (scheme eval) is not there
;; note 18:23 it exports `environment`, which does not exist in Termite
;; error 18:37 import: library (scheme read) is not there
;; note 18:37 it exports `read`, which does not exist in Termite
;; error 18:51 import: library (scheme complex) is not there
;; note 18:51 it exports `angle`, which does not exist in Termite
;; error 18:68 import: library (scheme repl) is not there
;; note 18:68 it exports `interaction-environment`, which does not exist in Termite
;; error 18:82 import: library (scheme load) is not there
;; note 18:82 it exports `load`, which does not exist in Termite
;; error 18:96 import: library (scheme r5rs) is not there
;; note 18:96 it exports `angle`, which does not exist in Termite
;; error 19:15 import: library (scheme eval) is not there
;; note 19:15 it exports `environment`, which does not exist in Termite
;; error 19:43 import: library (scheme read) is not there
;; note 19:43 it exports `read`, which does not exist in Termite
(import (scheme base) (scheme eval) (scheme read) (scheme complex) (scheme repl) (scheme load) (scheme r5rs))
(import (only (scheme eval) eval) (prefix (scheme read) r:))
(read)
