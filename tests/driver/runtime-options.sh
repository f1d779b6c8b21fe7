#!/bin/sh
# Options of the runtime on the command line and in the environment; SIGTERM.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

fail() { echo "$*" >&2; exit 1; }

cat > show.scm <<'END'
(define (main . args) (print args))
END
cat > wait.scm <<'END'
(print "ready")
(close-port (open-binary-output-file "started"))
(define (spin n) (spin (+ n 1)))
(spawn (lambda () (spin 0)))
(?)
END
"$TCC" show.scm -o show
"$TCC" wait.scm -o wait

# the runtime's options are taken out, the program's stay
[ "$(./show a --termite-max-processes=50 --b --termite-nursery=4M)" = "(a --b)" ] || fail "arguments"
./show --termite-help | grep -q -- --termite-max-heap || fail "help"

# bad ones: exit code 64, and nothing runs
for bad in --termite-nothing --termite-max-heap --termite-max-heap=lots --termite-stats=2 \
           --termite-node --termite-node= --termite-node=here --termite-node=:80 --termite-node=h: \
           --termite-node=h:65536 --termite-node=h:99999999999999999999 --termite-node=h:+1 --termite-node=::1:80 \
           '--termite-node=[::1:80' '--termite-node=[::1]80' '--termite-node=[::1]' '--termite-node=[]:80' \
           '--termite-node=a b:80' --termite-net-tick-timeout=0 --termite-net-tick-timeout=-1 \
           --termite-net-tick-timeout=1.5.2 --termite-net-tick-timeout=.5 --termite-net-tick-timeout=5h \
           --termite-net-tick-timeout=99999999999999999999 --termite-net-tick-timeout=9000000000s \
           --termite-tls=never --termite-tls= --termite-tls=auto\|always --termite-cookie-file=; do
    code=0
    ./show "$bad" > out 2> err || code=$?
    [ $code = 64 ] && [ ! -s out ] && [ -s err ] || fail "$bad: code $code"
done
for good in --termite-net-tick-timeout=0.25 --termite-net-tick-timeout=250ms --termite-net-tick-timeout=2m \
            --termite-tls=auto --termite-tls=always; do
    [ "$(./show "$good" a)" = "(a)" ] || fail "$good"
done
code=0
TERMITE_MAX_HEAP=x ./show > out 2> err || code=$?
[ $code = 64 ] || fail "TERMITE_MAX_HEAP: code $code"
TERMITE_STATS=1 ./show 2>&1 | grep -q "minor collections" || fail "TERMITE_STATS"

# SIGTERM: output is flushed, the code says why
code=0
./wait > out & waiting=$!
tries=0
until [ -e started ]; do
    tries=$((tries + 1)); [ $tries -lt 1200 ] || fail "it does not start"
    sleep 0.1
done
kill -TERM $waiting
wait $waiting || code=$?
[ "$(cat out)" = ready ] || fail "output before SIGTERM"
[ $code = 143 ] || fail "SIGTERM: code $code"

# a reader that goes away is no fault of the program
cat > many.scm <<'END'
(define (loop n) (if (> n 0) (begin (print n) (loop (- n 1)))))
(loop 100000)
END
"$TCC" many.scm -o many
./many | head -1 | grep -q 100000 || fail "closed pipe"
