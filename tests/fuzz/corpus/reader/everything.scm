#!/usr/bin/env tcc-termite
(define (f x) 'a `(b ,c ,@d) . e) #| nest #| ed |# |# #;(no way) "a\n\x41;b\
     c" #\a #\space #\x41 #\( #\) #\λ #\null
#(1 2 #(3)) #u8(1 2 255) #t #false |foo bar| |a\x41;| || ... + - -> .foo +foo 1+ -1+ λx
1 -1 +5 123456789012345678901234567890 #xff #b-101 #e1.5 #i1/3 1/2 4/2 -6/4 1.5 .5 1. 1e10 1e21 1e22 1.5e-7 -0.0 +inf.0 -inf.0 +nan.0 #x-ABC/D 1e400 1e-400
5e-324 2.2250738585072014e-308 0.1 123.456 1e100 100000.0 0.000001 #i123 #i#xff #e#x10 #x#e10
#0=(a . #0#) #1=#(1 #1# #1#) (#2=(x) #2#) '#3=(quote #3#) #!eof #!void #!default
#!fold-case FOO #\SPACE #!no-fold-case FOO
