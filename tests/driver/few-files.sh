#!/bin/sh
# A node that cannot start for want of file descriptors says so: of the name that it was given there is nothing wrong.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/node.scm" <<'EOF'
(define (main) (print "runs"))
EOF
"$TCC" "$dir/node.scm" -o "$dir/node"
seen=0
for n in 3 4 5 6 7 8 9 10 12 14 16; do
    out=$( (ulimit -n $n; HOME="$dir" "$dir/node" --termite-node=127.0.0.1:0) 2>&1) || true
    case "$out" in
        *"no such host"*) echo "with $n descriptors: $out"; exit 1 ;;
        *"Too many open files"*) seen=1 ;;
    esac
done
[ $seen = 1 ] || { echo "never heard of too many open files"; exit 1; }
