//go:build !(js && wasm)

package frame

func addRows(sums []uint16, src []byte, stride, rows int) { addRowsGo(sums, src, stride, rows) }

func boxRow(dst []byte, sums []uint16, factor, step int) { boxRowGo(dst, sums, factor, step) }

func halveRow(dst, a, b []byte) { halveRowGo(dst, a, b) }

func coverRows(sums []float32, src []byte, stride int, c cover) { coverRowsGo(sums, src, stride, c) }

func coverMeans(dst, sums []float32, columns []cover, inverse float32) {
	coverMeansGo(dst, sums, columns, inverse)
}

func blendRow(dst []float32, upper, lower []byte, columns []blend, share float32) {
	blendRowGo(dst, upper, lower, columns, share)
}

func widen(samples []byte, chroma bool) { widenGo(samples, chroma) }

func (e *edges) scan(line []byte, step int) { e.scanGo(line, step) }
