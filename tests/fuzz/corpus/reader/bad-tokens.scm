(a . b c) (. x) (a .) . ) #<proc> #!optional #\foo #\xD800 "\q" "\x41" "\xFFFFFF;" [a b] 12abc 1+2i #e+inf.0 1/0 #e1e1000000000
