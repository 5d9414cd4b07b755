//go:build !amd64 && !(js && wasm)

package neural

func sweep(sums *sums, n int, in []float32, offsets []int32, weights, bias []float32) {
	sweepGo(sums, n, in, offsets, weights, bias)
}

func rectify(dst, src []float32) { rectifyGo(dst, src) }
