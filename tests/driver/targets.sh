# Compiling for other machines when something is missing, old or unknown: one line that says what to do, and no file. The
# runtimes are files of this machine under other names: what is refused is refused before anybody looks into them.
# (tests/cross/test_bad.py has what is noticed later.)
here=$(dirname "$TCC")/lib
echo '(define (main) (print 1))' > app.scm
export TCC_TERMITE_HOME="$PWD/home" XDG_CACHE_HOME="$PWD/cache"
mkdir -p home/s390x-linux-gnu out
for file in libtermite.a libtermite_tls.a inline.bc version lib-scm; do ln -s "$here/$file" home/; done

says() { # CODE TEXT ARGUMENT...: nothing is written
    wanted=$1 text=$2 code=0
    shift 2
    "$TCC" "$@" app.scm -o out/app > err 2>&1 || code=$?
    [ $code = "$wanted" ] && grep -qxF "$text" err && [ -z "$(ls -A out)" ] || { echo "$*: exit code $code"; ls -A out; cat err; exit 1; }
}

known=$(sed -n 's/^TARGET([a-z0-9_]*, *[A-Za-z0-9]*, *"[^"]*", *"\([^"]*\)".*/\1/p' "$TESTS/../rt/abi/targets.def" | wc -l)
says 64 "$("$TCC" --target=x app.scm 2>&1 | sed "s/'x'/'vax-dec-ultrix'/")" --target=x86_64-linux-gnu,vax-dec-ultrix
grep -q "^tcc-termite: unknown target 'vax-dec-ultrix' (there are: " err
[ "$(sed 's/.*there are: //' err | tr ' ' '\n' | wc -l)" = "$known" ]

says 1 "tcc-termite: error: no runtime for s390x: run tools/runtime s390x" --target=x86_64,s390x
for file in libtermite.a libtermite_tls.a inline.bc; do ln -s "$here/$file" home/s390x-linux-gnu/; done
old="tcc-termite: error: the runtime for s390x was built from another version of the sources: run tools/runtime s390x"
says 1 "$old" --target=x86_64,s390x
echo 0123456789abcdef > home/s390x-linux-gnu/version
says 1 "$old" --target=s390x
says 1 "$old" -c --target=s390x
cp "$here/version" home/s390x-linux-gnu/version

says 1 "tcc-termite: error: no sysroot for s390x: run tools/runtime s390x" --target=x86_64,s390x

