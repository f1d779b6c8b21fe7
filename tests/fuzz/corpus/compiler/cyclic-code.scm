#0=(begin . #0#) (print #1=(quote #1#)) (let #2=((x 1) . #2#) x)
