//go:build !(js && wasm)

package neural

func sweep(sums *[lanes * runLength]float32, n int, in []float32, offsets []int32, weights, bias []float32) {
	sweepGo(sums, n, in, offsets, weights, bias)
}
