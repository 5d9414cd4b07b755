//go:build !(js && wasm)

package neural

func convolve(sums *sums, s *stretch) { convolveGo(sums, s) }

func tileRows(dst []int32, part int, src []int32, rows, half int) {
	tileRowsGo(dst, part, src, rows, half)
}

func split(even, odd, row []int32) { splitGo(even, odd, row) }

func maximum(dst, src []float32, stride, height, width int) {
	maximumGo(dst, src, stride, height, width)
}

func double(dst, src []float32, width int) { doubleGo(dst, src, width) }

func standardise(v, inside []float32, mean, scale float32) { standardiseGo(v, inside, mean, scale) }

func roundPairs(dst []int32, stride int, first, second []float32, rows, width int, scale, scale2 float32) {
	roundPairsGo(dst, stride, first, second, rows, width, scale, scale2)
}

func logistic(dst, src []float32) { logisticGo(dst, src) }
