# `tcc-termite run`: arguments, exit code, cache.
export XDG_CACHE_HOME="$PWD/cache"
cat > args.scm <<'END'
(define (main . args) (write args) (newline) (exit 3))
END
set +e; out=$("$TCC" run args.scm -- -x --version "a b"); code=$?; set -e
[ "$out" = '("-x" "--version" "a b")' ] && [ $code = 3 ]
[ $(ls cache/tcc-termite | wc -l) = 1 ]
set +e; "$TCC" run -v args.scm 2> log; set -e
grep -q 'from the cache' log
echo '(display "changed")' > args.scm
[ "$("$TCC" run args.scm)" = changed ]
[ $(ls cache/tcc-termite | wc -l) = 2 ]
# Without a cache it still runs, and leaves nothing.
mkdir tmp
[ "$(XDG_CACHE_HOME=/proc/nowhere HOME=/proc/nowhere TMPDIR="$PWD/tmp" "$TCC" run args.scm)" = changed ]
[ -z "$(ls tmp)" ]
