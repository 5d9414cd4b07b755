//go:build !(js && wasm)

package recognize

import "ocrbankcard/internal/frame"

func markAbove(mark []bool, v []float32, level float32) { markGo(mark, v, level) }

func flood(cells []int32, mark []bool, w, from int) int { return floodGo(cells, mark, w, from) }

func warpRow(row, inside []float32, src frame.Plane, at *ray) { warpRowGo(row, inside, src, at) }

func follow(best *[positions]float64, from *[positions]int16, carried *[positions]float64, steps costs, start, first int) {
	followGo(best, from, carried, steps, start, first)
}
