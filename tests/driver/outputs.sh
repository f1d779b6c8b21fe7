# What the driver writes, and that it writes all or nothing.
cat > hello.scm <<'END'
(display "hello")
(newline)
END
fails() { code=$1; shift; set +e; "$@" > out 2> err; got=$?; set -e; [ $got = $code ] || { echo "$*: exit code $got, expected $code"; cat err; exit 1; }; }

"$TCC" hello.scm -o named && [ "$(./named)" = hello ]
"$TCC" hello.scm && [ "$(./hello)" = hello ]
"$TCC" hello.scm --static -o static && [ "$(./static)" = hello ]
"$TCC" -c hello.scm && [ -s hello.o ]
for kind in llvm:ll bitcode:bc asm:s obj:o; do
    "$TCC" --emit=${kind%:*} hello.scm && [ -s hello.${kind#*:} ]
done
"$TCC" --emit=llvm -o - hello.scm | grep -q '@tt_program ='
"$TCC" hello.scm -o first && "$TCC" hello.scm -o second && cmp first second   # same input, same bytes
"$TCC" hello.scm -o /dev/null && [ -c /dev/null ]

# Errors leave nothing behind.
mkdir empty && cp hello.scm empty && cd empty
echo '(display "x"' > bad.scm
fails 1 "$TCC" bad.scm -o bad
fails 1 "$TCC" hello.scm -o missing/hello
fails 1 "$TCC" hello.scm -o /dev/full
fails 1 "$TCC" --dump=core hello.scm -o /dev/full   # no room for the executable
[ "$(ls)" = "bad.scm
err
hello.scm
out" ] || { ls; exit 1; }
cd ..
fails 1 "$TCC" no-such-file.scm && grep -q 'no-such-file.scm: cannot open' err
fails 1 "$TCC" . && grep -q 'is a directory' err
fails 1 env TCC_TERMITE_HOME=/nowhere "$TCC" hello.scm && grep -q 'no libtermite.a in /nowhere' err
