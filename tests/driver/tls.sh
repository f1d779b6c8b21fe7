# TLS is linked with programs that name other nodes, or when asked; without it a node stays on this machine.
fail() { echo "$*" >&2; exit 1; }
has_tls() { grep -q EXPORTER-termite-node "$1"; }
export XDG_CONFIG_HOME=$PWD/config
echo '(print "plain")' > plain.scm
cat > node.scm <<'EOF'
(define (main . args) (print (node-port (make-node "example.org" 4000))))
EOF
"$TCC" plain.scm -o plain
"$TCC" --tls plain.scm -o plain-tls
"$TCC" node.scm -o node
"$TCC" --no-tls node.scm -o node-no-tls
"$TCC" --tls --static plain.scm -o plain-static
! has_tls plain || fail "TLS in a program without nodes"
has_tls plain-tls || fail "--tls"
has_tls plain-static || fail "--tls --static"
has_tls node || fail "no TLS in a program with nodes"
! has_tls node-no-tls || fail "--no-tls"
[ "$(./node)" = 4000 ] && [ "$(./node-no-tls)" = 4000 ] && [ "$(./plain-static)" = plain ] || fail "output"
set +e; "$TCC" --tls --no-tls plain.scm -o app 2> err; got=$?; set -e
[ $got = 64 ] && [ -s err ] || fail "--tls --no-tls: exit code $got"

# refused PROGRAM TEXT OPTION...: code 78 and one line with TEXT, before the program runs
refused() {
    program=$1 text=$2; shift 2
    set +e; timeout 200 ./$program "$@" > out 2> err; got=$?; set -e
    [ $got = 78 ] && [ ! -s out ] && [ "$(wc -l < err)" = 1 ] && grep -q -- "$text" err ||
        fail "$program $*: exit code $got: $(cat err)"
}
beyond=--termite-node=0.0.0.0:0 here=--termite-node=127.0.0.1:0
refused plain "without TLS" $beyond
refused node-no-tls "without TLS" $beyond
refused node-no-tls "without TLS" $here --termite-tls=always
[ "$(./node-no-tls $here)" = 4000 ] || fail "a node on loopback without TLS"
[ "$(./node $beyond)" = 4000 ] || fail "a node with TLS"
[ "$(./node-no-tls $beyond --termite-insecure-cleartext 2> err)" = 4000 ] && grep -q warning err || fail "insecure"

# files that are no good are found at the start, also when nothing listens
openssl=$(command -v openssl || true)
refused node "none.pem: cannot be read" --termite-tls-cert=none.pem --termite-tls-key=none.pem --termite-tls-ca=none.pem
refused node "all three" --termite-tls-cert=none.pem
refused node "none: No such file" $here --termite-cookie-file=none
if [ "$openssl" ]; then
    make_cert() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -out $1.pem -days 2 -subj /CN=$1 2> /dev/null; chmod 400 $1.key; }
    make_cert one; make_cert two
    tls="--termite-tls-cert=one.pem --termite-tls-ca=one.pem"
    [ "$(./node $beyond $tls --termite-tls-key=one.key)" = 4000 ] || fail "certificates"
    refused node "not that of the certificate" $beyond $tls --termite-tls-key=two.key
    chmod 444 one.key
    refused node "open to all" $beyond $tls --termite-tls-key=one.key
fi
