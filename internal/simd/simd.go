// Package simd is the browser's fast lane for the hot loops of packages neural, frame and recognize: a WebAssembly module of a
// few kilobytes that works in Go's own memory.
//
// source holds its source, in C, and build.sh, which builds it; the result, simd.wasm, is committed. simd.js loads
// it beside the Go module, and must be used by whoever instantiates one for GOOS=js, since that imports the functions
// declared here (module "simd"); run_node.js does so for tests. The functions are called directly, without syscall/js,
// and must only be called where Available.
//
// On other platforms the package is empty: the callers' plain Go loops are used, which also are the definition of what
// each function computes.
package simd
