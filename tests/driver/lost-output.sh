# What a program prints gets out, or the program does not end as if it had.
echo '(display "kept")' > kept.scm
"$TCC" kept.scm -o kept
[ "$(./kept)" = kept ]

code=0
./kept > /dev/full 2> message || code=$?
[ $code = 74 ]
grep -q '^error: standard output: No space left on device$' message

# A process that prints much is told by a condition, like of any failure.
cat > much.scm <<'END'
(define (print-much n)
  (display "0123456789")
  (if (> n 0) (print-much (- n 1))))
(catch (lambda (e) (if (error-object? e) (exit 3))) (print-much 100000))
END
"$TCC" much.scm -o much
code=0
./much > /dev/full 2> message || code=$?
[ $code = 3 ]

# A reader that goes away ends the program, as it ends others: without a word.
code=0
{ ./much 2> message || code=$?; echo $code > code; } | head -c 10 > /dev/null
[ "$(cat code)" = 141 ] && [ ! -s message ]
