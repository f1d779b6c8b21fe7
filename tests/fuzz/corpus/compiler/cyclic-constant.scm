(define x '#0=(a #(b #0#) . #0#)) (print (car x)) (match x ('#1=(a . #1#) 1) (_ 2))
