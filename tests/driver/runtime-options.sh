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
(define (spin n) (spin (+ n 1)))
(spawn (lambda () (spin 0)))
(thread-sleep! 60)
END
"$TCC" show.scm -o show
"$TCC" wait.scm -o wait

# the runtime's options are taken out, the program's stay
[ "$(./show a --termite-max-processes=50 --b --termite-nursery=4M)" = "(a --b)" ] || fail "arguments"
./show --termite-help | grep -q -- --termite-max-heap || fail "help"

# bad ones: exit code 64, and nothing runs
for bad in --termite-nothing --termite-max-heap --termite-max-heap=lots --termite-stats=2; do
    code=0
    ./show "$bad" > out 2> err || code=$?
    [ $code = 64 ] && [ ! -s out ] && [ -s err ] || fail "$bad: code $code"
done
code=0
TERMITE_MAX_HEAP=x ./show > out 2> err || code=$?
[ $code = 64 ] || fail "TERMITE_MAX_HEAP: code $code"
TERMITE_STATS=1 ./show 2>&1 | grep -q "minor collections" || fail "TERMITE_STATS"

# SIGTERM: output is flushed, the code says why
code=0
timeout -s TERM -k 5 0.5 ./wait > out || code=$?
[ "$(cat out)" = ready ] || fail "output before SIGTERM"
[ $code = 124 ] || fail "SIGTERM: code $code"

# a reader that goes away is no fault of the program
cat > many.scm <<'END'
(define (loop n) (if (> n 0) (begin (print n) (loop (- n 1)))))
(loop 100000)
END
"$TCC" many.scm -o many
./many | head -1 | grep -q 100000 || fail "closed pipe"
