//go:build !(js && wasm)

package neural

func sweep(sums *sums, n int, in []float32, offsets []int32, weights, bias []float32) {
	sweepGo(sums, n, in, offsets, weights, bias)
}

func store(dst []float32, plane int, sums *sums, stride, channels, rows, width int, relu bool) {
	storeGo(dst, plane, sums, stride, channels, rows, width, relu)
}

func split(even, odd, row []float32) { splitGo(even, odd, row) }
