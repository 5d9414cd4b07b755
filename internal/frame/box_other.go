//go:build !(js && wasm)

package frame

func addRows(sums []uint16, src []byte, stride, rows int) { addRowsGo(sums, src, stride, rows) }

func boxRow(dst []byte, sums []uint16, factor, step int) { boxRowGo(dst, sums, factor, step) }

func halveRow(dst, a, b []byte) { halveRowGo(dst, a, b) }
