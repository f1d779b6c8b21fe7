;; What is written can be read: bars around the name of a symbol that the reader would take for a number, refuse, or end early.
;; expect: |+i||-i||1+2i||+inf.0i||1@2||1x||-.5z||+nan.0|
;; expect: |a[b||{}||a b||#a||.||||-I|
;; expect: + - ... 1+ 1- -1+ -> -x .a +a inf.0 é λx
(for-each write (list '|+i| '|-i| '|1+2i| '|+inf.0i| '|1@2| '|1x| '|-.5z| '|+nan.0|)) (newline)
(for-each write (list '|a[b| '|{}| '|a b| '|#a| '|.| '|| '|-I|)) (newline)
(display (string-join (map object->string '(+ - ... 1+ 1- -1+ -> -x .a +a inf.0 é λx)) " ")) (newline)
