# For several machines: all outputs or none, messages in the order of --target, nothing left behind.
# (LLVM text needs no library of the other machine, only some bitcode of the operations.)
here=$(dirname "$TCC")/lib
mkdir home
ln -s "$here"/* home/
for libraries in x86_64-linux-gnu aarch64-linux-gnu s390x-linux-gnu riscv64-linux-gnu; do
    rm -rf "home/$libraries"
    mkdir "home/$libraries"
    ln -s "$here/libtermite.a" "$here/libtermite_tls.a" "$here/inline.bc" "$here/version" "home/$libraries/"
done
export TCC_TERMITE_HOME=$PWD/home
machines=x86_64,riscv64-linux-gnu,aarch64,s390x
echo '(define (main) (print 1))' > app.scm
mkdir out

"$TCC" --emit=llvm --target=$machines app.scm -o out/app 2> err
[ ! -s err ]
[ "$(ls out | tr '\n' ' ')" = "app.aarch64 app.riscv64 app.s390x app.x86_64 " ]
for arch in aarch64 riscv64 s390x x86_64; do grep -q "^target triple = \"$arch" out/app.$arch; done
# One after the other, they are the same.
"$TCC" --emit=llvm --target=s390x-linux-gnu app.scm -o alone
cmp alone out/app.s390x

# --time names the machine; in the order asked for, whichever is finished first.
"$TCC" --time --emit=llvm --target=$machines app.scm -o out/app 2> times
[ "$(awk '$1 == "codegen" { print $NF }' times | tr '\n' ' ')" = "x86_64 riscv64 aarch64 s390x " ]

fails() { # CODE MESSAGE...: nothing in the folder changes
    before=$(ls -l out)
    got=0
    "$TCC" --emit=llvm --target=$machines other.scm -o "${output:-out/app}" 2> err || got=$?
    [ $got = 1 ]
    for message; do grep -q "$message" err || { cat err; return 1; }; done
    [ "$(ls -l out)" = "$before" ]
}
echo '(define (main) (print 2))' > other.scm
for arch in aarch64 s390x; do
    rm home/$arch-linux-gnu/inline.bc
    head -c 1000 "$here/inline.bc" > home/$arch-linux-gnu/inline.bc
done
fails "aarch64-linux-gnu/inline.bc is not bitcode" 'for aarch64 failed; nothing was written'

# A directory in the way of one.
for arch in aarch64 s390x; do ln -sf "$here/inline.bc" home/$arch-linux-gnu/inline.bc; done
rm -r out/*
mkdir out/app.x86_64
fails "cannot write out/app.x86_64: Is a directory"
output=nowhere/app
fails "cannot write nowhere/app.x86_64: No such file or directory"
