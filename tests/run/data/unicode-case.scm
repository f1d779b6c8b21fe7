;; Case mappings.
;; expect: (#\ä #\Ä #\σ)
;; expect: (straße σοφός)
;; expect: #t
(write (list (char-foldcase #\Ä) (char-upcase #\ä) (char-foldcase #\Σ))) (newline)
(print (list (string-downcase "STRAßE") (string-downcase "ΣΟΦΌς")))
(print (string-ci=? "Σ" "ς"))
