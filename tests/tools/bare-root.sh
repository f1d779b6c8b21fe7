#!/bin/sh
# README's first command on a bare Debian ends well and shows all of the demo, the walk through several machines included.
# Exit code 77 where that cannot be tried; the last line then says why.
out=$(mktemp)
trap 'rm -f "$out"' EXIT
code=0
"$(dirname "$0")/../../tools/bare-root" >"$out" 2>&1 || code=$?
cat "$out"
[ $code -ne 0 ] && exit $code
for line in '^42$' '^   there | ' '^   s390x: stop 3: ' '^   arm: stop 8: '; do
    grep -q "$line" "$out" || { echo "FAIL: the demo does not show a line '$line'"; exit 1; }
done
