// Clouds: noise that is smooth at one scale and rough at others.

package synth

import "math/rand/v2"

// cloud is fractal value noise between 0 and 1 (Perlin, An image synthesizer, 1985): octaves of smooth random
// lattices, the first with the given cell in pixels.
func cloud(r *rand.Rand, w, h int, cell float32, octaves int, keep float32) *sheet {
	f := newSheet(w, h)
	amp := float32(1)
	for range octaves {
		addLattice(r, f, cell, amp)
		amp *= keep
		cell /= 2
		if cell < 1.5 {
			break
		}
	}
	return f.normalise()
}

func addLattice(r *rand.Rand, f *sheet, cell, amp float32) {
	gw, gh := int(float32(f.w)/cell)+3, int(float32(f.h)/cell)+3
	grid := make([]float32, gw*gh)
	for i := range grid {
		grid[i] = r.Float32() * amp
	}
	dx, dy := r.Float32(), r.Float32()
	ix, tx := latticeSteps(f.w, cell, dx)
	iy, ty := latticeSteps(f.h, cell, dy)
	line := make([]float32, gw)
	for y := range f.h {
		a, b := grid[iy[y]*gw:][:gw], grid[(iy[y]+1)*gw:][:gw]
		for i := range line {
			line[i] = a[i] + (b[i]-a[i])*ty[y]
		}
		o := f.row(y)
		for x := range o {
			p := line[ix[x]:][:2]
			o[x] += p[0] + (p[1]-p[0])*tx[x]
		}
	}
}

// latticeSteps tabulates, for each pixel, its lattice cell and the smooth share of the way across it.
func latticeSteps(n int, cell, shift float32) ([]int, []float32) {
	idx, t := make([]int, n), make([]float32, n)
	for x := range n {
		p := float32(x)/cell + shift
		i := int(p)
		q := p - float32(i)
		idx[x], t[x] = i, q*q*(3-2*q)
	}
	return idx, t
}
