//go:build js && wasm

package recognize

import (
	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/simd"
)

func markAbove(mark []bool, v []float32, level float32) {
	if !simd.Available || len(v) == 0 {
		markGo(mark, v, level)
		return
	}
	_ = mark[len(v)-1]
	simd.Mark(&mark[0], &v[0], int32(len(v)), level)
}

// flood is floodGo. The module checks no bounds; a cell is marked once at most, so that those marked at first and not yet in
// cells have room in it.
func flood(cells []int32, mark []bool, w, from int) int {
	if !simd.Available || len(cells) == 0 || len(mark) == 0 {
		return floodGo(cells, mark, w, from)
	}
	return int(simd.Flood(&cells[0], &mark[0], int32(w), int32(len(mark)), int32(from)))
}

func warpRow(row, inside []float32, src frame.Plane, at *ray) {
	if !simd.Available || len(row) == 0 {
		warpRowGo(row, inside, src, at)
		return
	}
	_ = src.Pix[(src.Height-1)*src.Stride+src.Width-1]
	var in *float32
	if inside != nil {
		in = &inside[:len(row)][0]
	}
	simd.WarpRow(&row[0], in, int32(len(row)), &src.Pix[0], int32(src.Stride), int32(src.Width), int32(src.Height), &at[0])
}

func follow(best *[positions]float64, from *[positions]int16, carried *[positions]float64, steps costs, start, first int) {
	if !simd.Available || len(steps.cost) == 0 || start < 0 || first < start+steps.least {
		followGo(best, from, carried, steps, start, first)
		return
	}
	simd.Follow(&best[0], &from[0], &carried[0], &steps.cost[0], int32(len(steps.cost)), int32(start), int32(steps.least), int32(first), positions)
}
