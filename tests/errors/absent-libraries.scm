;; Standard libraries of which something is missing are not there.
;; error 14:23 import: library (scheme eval) is not there
;; note 14:23 it exports `environment`, which does not exist in Termite
;; error 14:37 import: library (scheme complex) is not there
;; note 14:37 it exports `angle`, which does not exist in Termite
;; error 14:54 import: library (scheme repl) is not there
;; note 14:54 it exports `interaction-environment`, which does not exist in Termite
;; error 14:68 import: library (scheme load) is not there
;; note 14:68 it exports `load`, which does not exist in Termite
;; error 14:82 import: library (scheme r5rs) is not there
;; note 14:82 it exports `angle`, which does not exist in Termite
;; error 15:15 import: library (scheme eval) is not there
;; note 15:15 it exports `environment`, which does not exist in Termite
(import (scheme base) (scheme eval) (scheme complex) (scheme repl) (scheme load) (scheme r5rs))
(import (only (scheme eval) eval))
