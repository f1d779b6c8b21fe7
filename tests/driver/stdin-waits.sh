# Who waits for the console does not stop other processes: the line comes when another process has answered.
cat > waits.scm <<'EOF'
(define main-process (self))
(spawn (lambda () (print "other process") (flush-output-port) (! main-process 'done)))
(print (list (read-char) (read-line) (?)))
EOF
"$TCC" waits.scm -o waits
mkfifo input
./waits < input > output &
exec 3> input
until grep -q 'other process' output; do sleep 0.05; done
printf 'a line\n' >&3
exec 3>&-
wait $!
[ "$(tail -n 1 output)" = "(a  line done)" ]
