;; A capital sigma at the end of a word, with what Unicode ignores around it (Final_Sigma of SpecialCasing).
;; expect: (λόγος λόγος. λόγος' α.σα ας. σ .σ α中σ)
(print (map string-downcase '("ΛΌΓΟΣ" "ΛΌΓΟΣ." "ΛΌΓΟΣ'" "Α.ΣΑ" "ΑΣ." "Σ" ".Σ" "Α中Σ")))
