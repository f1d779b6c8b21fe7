() (()) (lambda) (if) (let) (define) (define-syntax) (quote) (recv) (match) (cond) (case) (do) (begin) (else) (=> 1) (...)
