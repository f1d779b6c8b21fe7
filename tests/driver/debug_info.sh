# gdb and addr2line know Scheme procedures and lines.
cat > app.scm <<'END'
(define (count n)
  (if (= n 0)
      0
      (+ 1 (count (- n 1)))))
(display (count (length (command-line))))
END
"$TCC" app.scm -o app
address=$(nm app | awk '$2 == "t" && $3 ~ /^count\./ { print $1; exit }')
addr2line -e app 0x$address | grep -q 'app.scm:[1-4]'
command -v gdb > /dev/null || exit 0
"$TCC" -O0 app.scm -o app
gdb -batch -ex 'break app.scm:3' -ex run -ex bt ./app < /dev/null > log 2>&1 || cat log
grep -q 'count.* at app.scm:3' log || { cat log; exit 1; }
