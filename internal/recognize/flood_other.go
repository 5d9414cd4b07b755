//go:build !(js && wasm)

package recognize

func flood(cells []int32, mark []bool, w int) int { return floodGo(cells, mark, w) }
