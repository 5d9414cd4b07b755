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

func coverRows(sums []float32, src []byte, stride int, c cover) {
	if !simd.Available {
		coverRowsGo(sums, src, stride, c)
		return
	}
	rows := int(c.last - c.first + 1)
	_, _ = sums[0], src[(rows-1)*stride+len(sums)-1]
	simd.CoverRows(&sums[0], int32(len(sums)), &src[0], int32(stride), int32(rows), c.begin, c.finish)
}

func coverMeans(dst, sums []float32, columns []cover, inverse float32) {
	if !simd.Available {
		coverMeansGo(dst, sums, columns, inverse)
		return
	}
	_ = sums[columns[len(dst)-1].last] // the columns lie in order
	simd.CoverMeans(&dst[0], int32(len(dst)), &sums[0], &columns[0].first, inverse)
}

func blendRow(dst []float32, upper, lower []byte, columns []blend, share float32) {
	if !simd.Available {
		blendRowGo(dst, upper, lower, columns, share)
		return
	}
	last := columns[len(dst)-1].after
	_, _ = upper[last], lower[last]
	simd.BlendRow(&dst[0], int32(len(dst)), &upper[0], &lower[0], &columns[0].before, share)
}

func widen(samples []byte, chroma bool) {
	done := 0
	if simd.Available && len(samples) > 0 {
		done = int(simd.Widen(&samples[0], int32(len(samples)), chroma))
	}
	widenGo(samples[done:], chroma)
}

func (e *edges) scan(line []byte, step int) {
	if !simd.Available || len(line) == 0 {
		e.scanGo(line, step)
		return
	}
	simd.ScanEdges(&e.count[0], &line[0], int32(len(line)), int32(step), edgeReach, edgeHeight)
}
