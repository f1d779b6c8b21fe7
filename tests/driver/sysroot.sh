# tools/sysroot: what it makes is whole or not there, whatever happens, and it says what. apt-get is a script of ours,
# which takes packages from a folder; everything else is real.
sysroot=$TESTS/../tools/sysroot
command -v dpkg-deb >/dev/null && [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || exit 0 # not Debian
mkdir bin pool
cat > bin/apt-get <<'END'
#!/bin/sh
for word; do [ "$word" != indextargets ] || { echo "Debian http://mirror.invalid/debian"; exit 0; }; done
case "${APT:-}" in
    unreachable) echo "E: Failed to fetch http://mirror.invalid/debian/InRelease  Could not connect to mirror.invalid:80" >&2; exit 100 ;;
    unsigned) echo "E: The repository 'http://mirror.invalid/debian bookworm InRelease' is not signed." >&2; exit 100 ;;
    slow) : > "$STARTED"; sleep 60 & wait ;;
esac
downloads=
for word; do
    [ -z "$downloads" ] || cp "$POOL/package.deb" "${word}_1_all.deb"
    [ "$word" != download ] || downloads=yes
done
END
chmod +x bin/apt-get
mkdir -p package/DEBIAN package/usr/lib/s390x-linux-gnu package/usr/share/doc
printf 'Package: package\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: a test\n' > package/DEBIAN/control
head -c 300000 /dev/zero > package/usr/lib/s390x-linux-gnu/libc.a
ln -s /usr/lib/s390x-linux-gnu/libc.a package/usr/lib/s390x-linux-gnu/absolute.a
: > package/usr/share/doc/readme
dpkg-deb --root-owner-group -b package pool/package.deb > /dev/null
export PATH="$PWD/bin:$PATH" XDG_CACHE_HOME="$PWD/cache" POOL="$PWD/pool" STARTED="$PWD/started"
home=$PWD/cache/tcc-termite/sysroots
at=$home/s390x-linux-gnu

says() { # CODE TEXT COMMAND...: it ends so, and says this alone, but for its progress
    wanted=$1 text=$2 code=0
    shift 2
    "$@" > out 2> messages || code=$?
    grep -v '^tools/sysroot: s390x: .*done in [0-9]* s$' messages > err || :
    [ $code = "$wanted" ] && [ "$(cat out err)" = "$text" ] || { echo "$*: exit code $code"; cat out err; exit 1; }
}
holds() { [ "$(ls -A "$home" | tr '\n' ' ')" = "$1" ] || { ls -A "$home"; exit 1; }; } # NAMES: all that there is

says 1 "tools/sysroot: unknown architecture vax (arm64 armhf i386 s390x ppc64el riscv64 amd64)" "$sysroot" vax
says 1 "tools/sysroot: s390x: no sysroot in $at (run tools/sysroot s390x)" "$sysroot" --check s390x

# What fails leaves nothing.
gone="tools/sysroot: s390x: Debian's mirror http://mirror.invalid/debian cannot be reached: E: Failed to fetch http://mirror.invalid/debian/InRelease  Could not connect to mirror.invalid:80"
APT=unreachable says 75 "$gone" "$sysroot" s390x
holds ""
APT=unsigned says 1 "tools/sysroot: s390x: apt-get update: E: The repository 'http://mirror.invalid/debian bookworm InRelease' is not signed." "$sysroot" s390x
holds ""
code=0
(ulimit -f 200; "$sysroot" s390x) > out 2> err || code=$? # no file may be longer
[ $code = 1 ] && grep -q '^tools/sysroot: s390x: cannot read ' err || { cat err; exit 1; }
holds ""
interrupt() { # SIGNAL CODE: while packages are fetched
    rm -f "$STARTED"
    APT=slow setsid "$sysroot" --again s390x > out 2> err &
    child=$!
    until [ -e "$STARTED" ]; do sleep 0.05; done
    kill "-$1" "-$child"
    code=0
    wait $child || code=$?
    [ $code = "$2" ] || { echo "ended with $code"; cat err; exit 1; }
}
interrupt TERM 130
holds ""

# What succeeds is whole.
says 0 "$at" "$sysroot" s390x
holds "s390x-linux-gnu "
[ ! -e "$at/usr/share/doc/readme" ] && [ "$(readlink "$at/usr/lib/s390x-linux-gnu/absolute.a")" = libc.a ]
says 0 "$at: $(wc -l < "$at/files.sha256") files, all as unpacked" "$sysroot" --check s390x
APT=unreachable says 0 "$at" "$sysroot" s390x # it is there: nothing is fetched

# One that lacks a package of tools/packages.txt is made anew.
sed -i '/ libgc-dev_/d' "$at/packages.sha256"
APT=unreachable says 75 "$gone" "$sysroot" s390x
says 0 "$at" "$sysroot" s390x
grep -q ' libgc-dev_' "$at/packages.sha256"

# A damaged one is noticed, and stays until there is a new one.
damaged="tools/sysroot: s390x: $at is damaged (run tools/sysroot --again s390x)"
printf x | dd of="$at/usr/lib/s390x-linux-gnu/libc.a" bs=1 seek=1000 conv=notrunc 2> /dev/null
says 1 "$damaged" "$sysroot" --check s390x
APT=unreachable says 75 "$gone" "$sysroot" --again s390x
interrupt TERM 130
holds "s390x-linux-gnu "
says 1 "$damaged" "$sysroot" --check s390x
says 0 "$at" "$sysroot" --again s390x
says 0 "$at: $(wc -l < "$at/files.sha256") files, all as unpacked" "$sysroot" --check s390x
rm "$at/usr/lib/s390x-linux-gnu/libc.a"
says 1 "$damaged" "$sysroot" --check s390x

# What a script that was killed has left goes away with a later one.
interrupt KILL 137
[ "$(ls -A "$home" | wc -l)" = 2 ]
for left in "$home"/.s390x.*; do touch -d '3 hours ago' "$left"; done
says 0 "$at" "$sysroot" --again s390x
holds "s390x-linux-gnu "
