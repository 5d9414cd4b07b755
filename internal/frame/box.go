package frame

// addRowsGo sets each of sums to the sum of the bytes at its place in rows rows, which lie stride apart from src on.
func addRowsGo(sums []uint16, src []byte, stride, rows int) {
	for i, v := range src[:len(sums)] {
		sums[i] = uint16(v)
	}
	for j := 1; j < rows; j++ {
		row := src[j*stride:][:len(sums)]
		for i, v := range row {
			sums[i] += uint16(v)
		}
	}
}

// boxRowGo sets each of dst to the rounded mean of a box: of factor sums, step apart, each over factor rows. What becomes of
// the sums is not said.
func boxRowGo(dst []byte, sums []uint16, factor, step int) {
	half, inverse := boxDivisor(factor)
	k := 0
	for i := range dst {
		sum := half
		for range factor {
			sum += uint64(sums[k])
			k += step
		}
		dst[i] = uint8(sum * inverse >> 40)
	}
}

// boxDivisor returns what turns the sum of a box into its rounded mean: (sum + half)·inverse / 2⁴⁰. The inverse of the
// box's area is rounded up by less than one unit, which for sums below 2²⁴ changes the result by less than 2⁻¹⁶: never
// over the next whole number, since fractions are multiples of the area's inverse, which is at least 2⁻¹⁶.
func boxDivisor(factor int) (half, inverse uint64) {
	area := uint64(factor * factor)
	return area / 2, (1<<40 + area - 1) / area
}
