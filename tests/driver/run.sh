# `tcc-termite run`: arguments, exit code, cache.
export XDG_CACHE_HOME="$PWD/cache"
cat > args.scm <<'END'
(define (main . args) (write args) (newline) (exit 3))
END
set +e; out=$("$TCC" run args.scm -- -x --version "a b"); code=$?; set -e
[ "$out" = '("-x" "--version" "a b")' ] && [ $code = 3 ]
[ $(ls cache/tcc-termite | grep -vc files) = 1 ]
set +e; "$TCC" run -v args.scm 2> log; set -e
grep -q 'from the cache' log
echo '(display "changed")' > args.scm
[ "$("$TCC" run args.scm)" = changed ]
[ $(ls cache/tcc-termite | grep -vc files) = 2 ]
# A change of an included file or a library is seen.
echo '(define-library (part) (import (scheme base)) (export x) (begin (define x 1)))' > part.sld
echo '(define y 1)' > y.scm
echo '(import (scheme base) (scheme write) (part)) (include "y.scm") (display (+ x y))' > parts.scm
[ "$("$TCC" run parts.scm)" = 2 ]
[ "$("$TCC" run -v parts.scm 2> log)" = 2 ] && grep -q 'from the cache' log
echo '(define y 10)' > y.scm
[ "$("$TCC" run parts.scm)" = 11 ]
echo '(define-library (part) (import (scheme base)) (export x) (begin (define x 5)))' > part.sld
[ "$("$TCC" run parts.scm)" = 15 ]
# Without a cache it still runs, and leaves nothing.
mkdir tmp
[ "$(XDG_CACHE_HOME=/proc/nowhere HOME=/proc/nowhere TMPDIR="$PWD/tmp" "$TCC" run args.scm)" = changed ]
[ -z "$(ls tmp)" ]

# A source that can be read once only: a pipe, standard input.
[ "$(echo '(print (+ 1 2))' | "$TCC" run /dev/stdin)" = 3 ]
[ "$(echo '(print (+ 1 2))' | "$TCC" run -)" = 3 ]
[ "$(echo '(print (+ 1 2))' | XDG_CACHE_HOME=/proc/nowhere HOME=/proc/nowhere "$TCC" run -)" = 3 ]
mkfifo pipe
echo '(print (+ 1 3))' > pipe &
[ "$("$TCC" run pipe)" = 4 ]
