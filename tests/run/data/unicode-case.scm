;; Case mappings.
;; expect: (#\ä #\Ä #\σ)
;; expect: (straße σοφός)
;; expect: (#t σοφόσ)
;; expect: ß
(write (list (char-foldcase #\Ä) (char-upcase #\ä) (char-foldcase #\Σ))) (newline)
(print (list (string-downcase "STRAßE") (string-downcase "ΣΟΦΌς")))
(print (list (string-ci=? "Σ" "ς") (string-foldcase "ΣΟΦΌΣ")))
(print (char-upcase #\ß))
