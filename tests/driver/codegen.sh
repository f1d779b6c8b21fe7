# tests/golden/codegen/x.clo: LLVM from Clo text, checked by the `;; CHECK` lines in the file.
for file in "$TESTS"/golden/codegen/*.clo; do
    level=$(sed -n 's/^;; level //p' "$file")
    "$TCC" -O${level:-2} --emit=llvm -o - "$file" > module.ll
    FileCheck-19 --dump-input=never --comment-prefixes=NOTE "$file" < module.ll || { echo "$file"; exit 1; }
done
