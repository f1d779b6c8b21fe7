;; Identifiers: case, bars, peculiar ones; how `write` shows them.
;; expect: (|two words| || Abc |a\|b| ... + - ->x +soup+ <=? !$%&*/:<=>?^_~)
;; expect: #t
;; expect: |1+|
;; expect: x1
(write (list '|two words| '|| 'Abc '|a\|b| '... '+ '- '->x '+soup+ '<=? '!$%&*/:<=>?^_~)) (newline)
(print (eq? 'abc '|abc|))
(write (string->symbol "1+")) (newline)
(define |x 1| 'x1)
(print |x 1|)
