;; Identifiers: case, bars, peculiar ones; how `write` shows them.
;; expect: (|two words| || Abc |a\|b| ... + - ->x +soup+ <=? !$%&*/:<=>?^_~)
;; expect: #t
;; expect: x1
(write (list '|two words| '|| 'Abc '|a\|b| '... '+ '- '->x '+soup+ '<=? '!$%&*/:<=>?^_~)) (newline)
(print (eq? 'abc '|abc|))
(define |x 1| 'x1)
(print |x 1|)
