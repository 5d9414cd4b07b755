//go:build js && wasm

package simd

// Available says whether the module was loaded. It is settled before Go starts.
var Available = ready() != 0

//go:wasmimport simd ready
func ready() uint32

// Conv is package neural's convolution kernel (sweepGo there).
//
//go:wasmimport simd conv
//go:noescape
func Conv(sums *float32, n int32, in *float32, offsets *int32, taps int32, weights, bias *float32)

// Store moves finished sums of package neural's convolution into its output (storeGo there).
//
//go:wasmimport simd store
//go:noescape
func Store(dst *float32, plane int32, sums *float32, stride, channels, rows, width int32, relu bool)

// Split takes a row of n floats apart into its even and its odd samples (splitGo in package neural).
//
//go:wasmimport simd split
//go:noescape
func Split(even, odd, row *float32, n int32)
