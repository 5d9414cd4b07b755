//go:build js && wasm

package recognize

import "ocrbankcard/internal/simd"

// flood is floodGo. The module checks no bounds; a cell is marked once at most, so that those marked at first and not yet in
// cells have room in it.
func flood(cells []int32, mark []bool, w int) int {
	if !simd.Available {
		return floodGo(cells, mark, w)
	}
	_ = mark[cells[0]]
	return int(simd.Flood(&cells[0], &mark[0], int32(w), int32(len(mark))))
}
