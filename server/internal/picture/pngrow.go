package picture

import "image/color"

// unfilter turns a filtered row into samples (9.2): each byte is the difference to a prediction from the bytes to its
// left, above it, and above that one to its left.
func unfilter(filter byte, row, above []byte, step int) error {
	switch filter {
	case 0: // none
	case 1: // sub
		for i := step; i < len(row); i++ {
			row[i] += row[i-step]
		}
	case 2: // up
		for i, b := range above {
			row[i] += b
		}
	case 3: // average
		for i := range row {
			left := 0
			if i >= step {
				left = int(row[i-step])
			}
			row[i] += byte((left + int(above[i])) / 2)
		}
	case 4: // Paeth
		for i := range row {
			var left, corner int
			if i >= step {
				left, corner = int(row[i-step]), int(above[i-step])
			}
			row[i] += paeth(left, int(above[i]), corner)
		}
	default:
		return errPNG
	}
	return nil
}

// paeth predicts by whichever neighbour is nearest to left + above - corner (9.4).
func paeth(left, above, corner int) byte {
	dl, da := above-corner, left-corner // distances to left and above
	dc := dl + da
	dl, da, dc = max(dl, -dl), max(da, -da), max(dc, -dc)
	switch {
	case dl <= da && dl <= dc:
		return byte(left)
	case da <= dc:
		return byte(above)
	}
	return byte(corner)
}

// pixel returns the colour of pixel i of a row, scaled to 8 bits. It reports false for a colour that the palette lacks.
func (d *pngDecoder) pixel(row []byte, i int) (color.NRGBA, bool) {
	switch {
	case d.colour == pngPalette:
		v := int(d.packed(row, i))
		if v >= len(d.palette) {
			return color.NRGBA{}, false
		}
		return d.palette[v], true
	case d.depth < 8: // gray
		v := d.packed(row, i)
		g := v * (255 / (1<<d.depth - 1))
		return color.NRGBA{g, g, g, d.alpha(uint16(v))}, true
	case d.depth == 8:
		return d.pixel8(row, i), true
	}
	return d.pixel16(row, i), true
}

// packed returns sample i of a row with less than 8 bits a sample, or with 8; the leftmost has the highest bits (7.2).
func (d *pngDecoder) packed(row []byte, i int) byte {
	depth := int(d.depth)
	shift := 8 - depth - i*depth%8
	return row[i*depth/8] >> shift & byte(1<<depth-1)
}

func (d *pngDecoder) pixel8(row []byte, i int) color.NRGBA {
	switch d.colour {
	case pngGray:
		v := row[i]
		return color.NRGBA{v, v, v, d.alpha(uint16(v))}
	case pngGrayAlpha:
		v := row[2*i]
		return color.NRGBA{v, v, v, row[2*i+1]}
	case pngRGB:
		p := row[3*i:][:3]
		return color.NRGBA{p[0], p[1], p[2], d.alpha(uint16(p[0]), uint16(p[1]), uint16(p[2]))}
	}
	p := row[4*i:][:4]
	return color.NRGBA{p[0], p[1], p[2], p[3]}
}

// pixel16 takes the upper bytes: the lower ones are below what 8 bits can show.
func (d *pngDecoder) pixel16(row []byte, i int) color.NRGBA {
	sample := func(p []byte, k int) uint16 { return uint16(p[2*k])<<8 | uint16(p[2*k+1]) }
	switch d.colour {
	case pngGray:
		p := row[2*i:][:2]
		return color.NRGBA{p[0], p[0], p[0], d.alpha(sample(p, 0))}
	case pngGrayAlpha:
		p := row[4*i:][:4]
		return color.NRGBA{p[0], p[0], p[0], p[2]}
	case pngRGB:
		p := row[6*i:][:6]
		return color.NRGBA{p[0], p[2], p[4], d.alpha(sample(p, 0), sample(p, 1), sample(p, 2))}
	}
	p := row[8*i:][:8]
	return color.NRGBA{p[0], p[2], p[4], p[6]}
}

// alpha is 0 for the one colour that is transparent.
func (d *pngDecoder) alpha(samples ...uint16) byte {
	if len(d.clear) != len(samples) {
		return 255
	}
	for i, v := range samples {
		if v != d.clear[i] {
			return 255
		}
	}
	return 0
}
