//go:build js && wasm

package frame

import "ocrbankcard/internal/simd"

// The module checks no bounds. Each function here therefore touches the last element that it will reach, of each slice.

func addRows(sums []uint16, src []byte, stride, rows int) {
	if !simd.Available {
		addRowsGo(sums, src, stride, rows)
		return
	}
	_, _ = sums[0], src[(rows-1)*stride+len(sums)-1]
	simd.AddRows(&sums[0], int32(len(sums)), &src[0], int32(stride), int32(rows))
}

func boxRow(dst []byte, sums []uint16, factor, step int) {
	if !simd.Available {
		boxRowGo(dst, sums, factor, step)
		return
	}
	_, _ = dst[0], sums[(len(dst)*factor-1)*step]
	half, inverse := boxDivisor(factor)
	simd.BoxRow(&dst[0], int32(len(dst)), &sums[0], int32(factor), int32(step), int64(half), int64(inverse))
}

func halveRow(dst, a, b []byte) {
	if !simd.Available || len(dst) == 0 {
		halveRowGo(dst, a, b)
		return
	}
	_, _ = a[2*len(dst)-1], b[2*len(dst)-1]
	simd.HalveRow(&dst[0], &a[0], &b[0], int32(len(dst)))
}
