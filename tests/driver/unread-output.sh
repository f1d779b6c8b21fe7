# Output that nobody reads parks the process that prints, and no other; when somebody reads again, all is there, in order.
cat > unread.scm <<'EOF'
(define (print-lines name i n)
  (if (< i n) (begin (print name " " i) (print-lines name (+ i 1) n))))
(define (start name n)
  (spawn (lambda () (print-lines name 0 n))))
(define (main)
  (let* ((a (start 'a 100000)) (b (start 'b 100000)) (c (start 'c 1000000000)) (echo (spawn (lambda () (let loop () (recv ((from tag 'ping) (! from (list tag 'pong)))) (loop))))))
    (let loop ((i 0))
      (if (< i 30)
          (begin
            (recv (after 0.01 'ok))
            (if (eq? (!? echo 'ping) 'pong) (void) (exit 1))
            (loop (+ i 1)))))
    (terminate! c)
    (wait-for c)
    (write-string "the others go on\n" (current-error-port))
    (wait-for a)
    (wait-for b)
    (print 'end)))
EOF
"$TCC" unread.scm -o unread
mkfifo gate
./unread 2> gate | { head -n 1 gate > said; cat; } > lines
[ "$(cat said)" = "the others go on" ]
[ "$(tail -n 1 lines)" = end ]
for name in a b; do
    grep "^$name " lines > "$name.lines"
    seq 0 99999 | sed "s/^/$name /" | cmp - "$name.lines"
done
! grep -v '^[abc] [0-9]*$' lines | grep -v '^end$'
