// Blurs of the lens and of the moving hand, in linear light.

package synth

import "math"

// gaussianBlur blurs with standard deviation sigma pixels: a short kernel when it is small, else three box blurs, which
// approach a Gaussian (Kovesi, Fast Almost-Gaussian Filtering, 2010).
func gaussianBlur(c *canvas, sigma float64) {
	if sigma < 0.2 {
		return
	}
	if sigma < 1.3 {
		kernelBlur(c, gaussianKernel(sigma))
		return
	}
	for _, radius := range boxRadii(sigma, 3) {
		boxBlur(c, radius)
	}
}

// gaussianKernel returns the weights from the centre outwards, normalised over both sides.
func gaussianKernel(sigma float64) []float32 {
	n := int(math.Ceil(2.6 * sigma))
	k := make([]float32, n+1)
	var sum float64
	for i := -n; i <= n; i++ {
		sum += math.Exp(-float64(i*i) / (2 * sigma * sigma))
	}
	for i := range k {
		k[i] = float32(math.Exp(-float64(i*i)/(2*sigma*sigma)) / sum)
	}
	return k
}

// boxRadii returns the radii of n box blurs whose variances sum to that of a Gaussian as nearly as whole pixels allow.
func boxRadii(sigma float64, n int) []int {
	want := 12 * sigma * sigma / float64(n)
	lo := int(math.Sqrt(want + 1))
	if lo%2 == 0 {
		lo--
	}
	l := float64(lo)
	m := int(math.Round((12*sigma*sigma - float64(n)*(l*l+4*l+3)) / (-4*l - 4)))
	radii := make([]int, n)
	for i := range radii {
		radii[i] = lo / 2
		if i >= m {
			radii[i]++
		}
	}
	return radii
}

// kernelBlur convolves rows and then columns with a symmetric kernel; the border pixels go on outside.
func kernelBlur(c *canvas, k []float32) {
	n := len(k) - 1
	padded := make([]float32, 3*(c.w+2*n))
	for y := range c.h {
		row := c.row(y)
		copy(padded[3*n:], row)
		for i := range n {
			copy(padded[3*i:3*i+3], row[:3])
			copy(padded[3*(n+c.w+i):], row[len(row)-3:])
		}
		centre := padded[3*n:][:len(row)]
		for i, v := range centre {
			row[i] = k[0] * v
		}
		for j := 1; j <= n; j++ {
			kj := k[j]
			l, r := padded[3*(n-j):][:len(row)], padded[3*(n+j):][:len(row)]
			for i := range row {
				row[i] += kj * (l[i] + r[i])
			}
		}
	}
	d := newCanvas(c.w, c.h)
	for y := range c.h {
		out, mid := d.row(y), c.row(y)
		for i, v := range mid {
			out[i] = k[0] * v
		}
		for j := 1; j <= n; j++ {
			kj := k[j]
			a, b := c.row(max(y-j, 0))[:len(out)], c.row(min(y+j, c.h-1))[:len(out)]
			for i := range out {
				out[i] += kj * (a[i] + b[i])
			}
		}
	}
	c.pix, d.pix = d.pix, c.pix
	d.release()
}

// boxBlur averages over (2·radius+1)² pixels by running sums; the border pixels go on outside.
func boxBlur(c *canvas, radius int) {
	if radius < 1 {
		return
	}
	k := 1 / float32(2*radius+1)
	line := make([]float32, 3*c.w)
	for y := range c.h {
		row := c.row(y)
		copy(line, row)
		boxRow(row, line, radius, k)
	}
	d := newCanvas(c.w, c.h)
	sum := line
	copy(sum, c.row(0))
	for i := range sum {
		sum[i] *= float32(radius + 1)
	}
	for y := 1; y <= radius; y++ {
		addRow(sum, c.row(min(y, c.h-1)))
	}
	for y := range c.h {
		out := d.row(y)
		for i, v := range sum[:len(out)] {
			out[i] = v * k
		}
		in, gone := c.row(min(y+radius+1, c.h-1))[:len(sum)], c.row(max(y-radius, 0))[:len(sum)]
		for i := range sum {
			sum[i] += in[i] - gone[i]
		}
	}
	c.pix, d.pix = d.pix, c.pix
	d.release()
}

func addRow(sum, row []float32) {
	for i, v := range row[:len(sum)] {
		sum[i] += v
	}
}

func boxRow(out, in []float32, radius int, k float32) {
	n := len(in)/3 - 1
	var r, g, b float32
	for i := -radius; i <= radius; i++ {
		p := in[3*min(max(i, 0), n):][:3]
		r, g, b = r+p[0], g+p[1], b+p[2]
	}
	for x := range n + 1 {
		out[3*x], out[3*x+1], out[3*x+2] = r*k, g*k, b*k
		p, q := in[3*min(x+radius+1, n):][:3], in[3*max(x-radius, 0):][:3]
		r, g, b = r+p[0]-q[0], g+p[1]-q[1], b+p[2]-q[2]
	}
}

// motionBlur averages along a line of length pixels in the direction angle (radians).
func motionBlur(c *canvas, length, angle float64) {
	n := int(math.Round(length))
	if n < 2 {
		return
	}
	d := newCanvas(c.w, c.h)
	clear(d.pix)
	s, co := math.Sincos(angle)
	k := 1 / float32(n)
	for i := range n {
		t := (float64(i) - float64(n-1)/2) * length / float64(n)
		dx, dy := int(math.Round(t*co)), int(math.Round(t*s))
		for y := range c.h {
			src, out := c.row(min(max(y+dy, 0), c.h-1)), d.row(y)
			x0, x1 := max(-dx, 0), min(c.w-dx, c.w)
			if x0 >= x1 {
				x0, x1 = 0, 0
			}
			from := src[3*(x0+dx) : 3*(x1+dx)]
			to := out[3*x0 : 3*x1][:len(from)]
			for j, v := range from {
				to[j] += k * v
			}
			for x := range x0 {
				for ch := range 3 {
					out[3*x+ch] += k * src[ch]
				}
			}
			for x := x1; x < c.w; x++ {
				for ch := range 3 {
					out[3*x+ch] += k * src[3*c.w-3+ch]
				}
			}
		}
	}
	c.pix, d.pix = d.pix, c.pix
	d.release()
}

// resampleDown makes the canvas what a sensor of share times as many pixels a side would give, enlarged again.
func resampleDown(c *canvas, share float64) {
	w, h := max(int(float64(c.w)*share), 8), max(int(float64(c.h)*share), 8)
	if w >= c.w || h >= c.h {
		return
	}
	small := shrinkCanvas(c, w, h)
	t := &raster{small.pix, w, h}
	kx, ky := float32(w)/float32(c.w), float32(h)/float32(c.h)
	for y := range c.h {
		row := c.row(y)
		for x := range c.w {
			row[3*x], row[3*x+1], row[3*x+2] = t.at((float32(x)+0.5)*kx, (float32(y)+0.5)*ky)
		}
	}
	small.release()
}

// shrinkCanvas box-filters c to w × h.
func shrinkCanvas(c *canvas, w, h int) *canvas {
	d := newCanvas(w, h)
	clear(d.pix)
	cols := boxTaps(c.w, w)
	line := make([]float32, 3*c.w)
	for y, tap := range boxTaps(c.h, h) {
		clear(line)
		for k, wt := range tap.weight {
			for i, v := range c.row(tap.first + k) {
				line[i] += wt * v
			}
		}
		out := d.row(y)
		for x, ct := range cols {
			for k, wt := range ct.weight {
				p := line[3*(ct.first+k):][:3]
				out[3*x] += wt * p[0]
				out[3*x+1] += wt * p[1]
				out[3*x+2] += wt * p[2]
			}
		}
	}
	return d
}
