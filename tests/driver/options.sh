# Options and their mistakes.
echo '(display (quote (1 2)))' > app.scm
bad() { set +e; "$TCC" "$@" > out 2> err; got=$?; set -e; [ $got = 64 ] && [ -s err ] || { echo "$*: exit code $got, expected 64"; exit 1; }; }
bad
bad --no-such-option app.scm
bad -O7 app.scm
bad --target=x86_64-linux-gnu,aarch64-linux-musl app.scm
bad run --target=x86_64 app.scm
bad --emit=pdf app.scm
bad --dump=soup app.scm
bad --stop-after=soup app.scm
bad app.scm other.scm
"$TCC" --version | grep -q '^tcc-termite [0-9]'
"$TCC" --help | grep -q -- '--dump=STAGE'
set +e; "$TCC" --target=vax-dec-ultrix app.scm 2> err; got=$?; set -e
[ $got = 64 ] && grep -q "unknown target .vax-dec-ultrix." err
for level in 0 1 2 3; do "$TCC" -O$level app.scm -o app && [ "$(./app)" = "(1 2)" ]; done
"$TCC" -g --verify app.scm -o app && [ "$(./app)" = "(1 2)" ]
# Every stage that --help names can be dumped, and stopped after.
for stage in $("$TCC" --help | sed -n '/^Stages:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    "$TCC" --dump=$stage app.scm > dump && [ -s dump ] || { echo "--dump=$stage is empty"; exit 1; }
    "$TCC" --stop-after=$stage app.scm -o stopped && [ ! -e stopped ]
done
"$TCC" --time app.scm -o app 2> times && grep -q '^codegen .* ms$' times
