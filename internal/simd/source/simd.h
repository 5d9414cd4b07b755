// The hot loops of packages neural, frame and recognize in WebAssembly SIMD, a file each. Each has a twin in plain Go, which says
// what it computes and must agree with it bit for bit: lanes lie along x, so that every pixel sees the same operations in the
// same order as in the twin.
//
// The module imports Go's own memory. It may therefore hold no data segment and use no stack in memory: whatever it
// wrote there would overwrite Go's. Local arrays are small and indexed by constants only, so that the compiler
// keeps them in registers; ../module_test.go looks at the result.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
