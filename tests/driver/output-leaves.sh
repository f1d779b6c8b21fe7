# What is printed is to be seen while the program still runs: within a second where it computes, without a call that
# looks up; at once where it has nothing to do; after flush-output-port when that returns.
cat > leaves.scm <<'EOF'
(define (fill n) (if (> n 0) (begin (print "line " n) (fill (- n 1)))))
(define (count n) (if (> n 0) (count (- n 1)) 0))
(define (main how)
  (fill 20)
  (display "now")
  (newline)
  (cond ((equal? how "computes") (let loop () (count 100000000) (if (file-exists? "seen") (void) (loop))))
        ((equal? how "idles") (let loop () (recv (after 3600 'ok))))
        ((equal? how "flushes") (flush-output-port) (emergency-exit 3))))
EOF
"$TCC" leaves.scm -o leaves

# Is the last line there, though the program runs?
for how in computes idles; do
    rm -f seen
    mkfifo "$how.pipe"
    ./leaves $how > "$how.pipe" &
    program=$!
    sed '/^now$/q' < "$how.pipe" > lines
    grep -qx now lines
    kill -0 $program
    touch seen
    [ $how = computes ] || kill $program
    wait $program || [ $how = idles ]
done
./leaves computes > file &
until grep -qx now file; do sleep 0.05; done
touch seen
wait $!

# A reader that comes late gets all of it, also after the end of `main`.
cat > late.scm <<'EOF'
(define (fill n) (if (> n 0) (begin (print "line " n) (fill (- n 1)))))
(define (main) (fill 30000))
EOF
"$TCC" late.scm -o late
./late | { sleep 3; cat; } > lines
[ "$(wc -l < lines)" = 30000 ] && [ "$(tail -n 1 lines)" = "line 1" ]

# Where a pipe cannot be opened again, for want of descriptors, a thread writes.
"$TCC" --static late.scm -o late-static
(ulimit -n 3 && ./late-static) | { sleep 1; cat; } | cmp - lines
