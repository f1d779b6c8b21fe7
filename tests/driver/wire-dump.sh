# wire-dump prints every good sample of the wire format as the text beside it says, and gives up on the bad ones
# that are no form of the format, with exit code 1.
for sample in "$TESTS"/wire/good/*.bin; do
    "$BUILD/wire-dump" "$sample" > out
    head -n 200 out | diff "${sample%.bin}.txt" -
done
for sample in "$TESTS"/wire/bad/*.bin; do
    code=0
    "$BUILD/wire-dump" "$sample" > out 2> err || code=$?
    [ "$code" -le 1 ]
done

# Frames of a connection.
for sample in "$TESTS"/wire/frames/*.bin; do
    "$BUILD/wire-dump" --frames "$sample" > out
    diff "${sample%.bin}.txt" out
done
for n in 1 40 150 200; do
    code=0
    head -c $n "$TESTS/wire/frames/some.bin" > cut
    "$BUILD/wire-dump" --frames cut > out 2> err || code=$?
    [ "$code" = 1 ]
done
