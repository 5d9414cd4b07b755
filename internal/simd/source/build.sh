#!/bin/sh
# Builds ../simd.wasm from the files here with Debian's clang and lld. The result is committed: only who changes the source
# needs a C compiler. -ffp-contract=off keeps products and sums apart; --import-memory makes the module use Go's. What is
# to be a vector is written as one, and a page pays for each byte: the compiler neither vectorizes the rest nor unrolls loops
# whose counts it does not know, which would make the file half as large again and nothing faster.
set -eu
cd "$(dirname "$0")"
objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT
for name in neural frame recognize; do
    clang --target=wasm32 -O2 -fno-vectorize -fno-slp-vectorize -mllvm -unroll-runtime=0 -msimd128 -mnontrapping-fptoint \
        -ffp-contract=off -nostdlib -ffreestanding -Wall -Wextra -Werror -c "$name.c" -o "$objects/$name.o"
done
wasm-ld --no-entry --import-memory --initial-memory=131072 -z stack-size=4096 --strip-all \
    "$objects/neural.o" "$objects/frame.o" "$objects/recognize.o" -o ../simd.wasm
