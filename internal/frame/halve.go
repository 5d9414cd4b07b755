package frame

// Halve writes the rounded mean of each 2 × 2 block of src into dst, whose sides are those of src halved and rounded
// up: a last odd row or column is taken twice.
func Halve(dst, src Plane) {
	for y := range dst.Height {
		a, b := src.Row(2*y), src.Row(min(2*y+1, src.Height-1))
		n := src.Width / 2
		d := dst.Row(y)
		halveRow(d[:n], a, b)
		if n < len(d) {
			d[n] = uint8((int(a[2*n]) + int(b[2*n]) + 1) >> 1)
		}
	}
}

// halveRowGo sets each of dst to the rounded mean of two neighbours of a and the two of b below them.
func halveRowGo(dst, a, b []byte) {
	a, b = a[:2*len(dst)], b[:2*len(dst)]
	for x := range dst {
		dst[x] = uint8((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) >> 2)
	}
}
