package main

import (
	"math"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

// warp fills out (width × height) with src as seen through toSource, which maps out's pixels to src's luma pixels of a
// frame of frameWidth × frameHeight; src may be a chroma plane of any size. Each pixel is the mean of n × n bilinear
// samples, enough to cover its footprint. Beyond the frame its edge repeats. The slow, plain way: training data only.
func warp(out []byte, width, height int, src frame.Plane, frameWidth, frameHeight int, toSource geometry.Homography) {
	sx, sy := float64(src.Width)/float64(frameWidth), float64(src.Height)/float64(frameHeight)
	m := geometry.Homography{sx, 0, 0, 0, sy, 0, 0, 0, 1}.Compose(toSource)
	n := samples(m, width, height)
	step := 1 / float64(n)
	for y := range height {
		for x := range width {
			var sum float64
			for j := range n {
				for i := range n {
					p := m.Apply(geometry.Point{X: float64(x) + (float64(i)+.5)*step, Y: float64(y) + (float64(j)+.5)*step})
					sum += bilinear(src, p)
				}
			}
			out[y*width+x] = byte(sum*step*step + .5)
		}
	}
}

// samples returns how many samples a side cover the footprint of out's middle pixel in the source, 1 to 6.
func samples(m geometry.Homography, width, height int) int {
	c := geometry.Point{X: float64(width) / 2, Y: float64(height) / 2}
	p := m.Apply(c)
	foot := math.Sqrt(m.Apply(c.Add(geometry.Point{X: 1})).Sub(p).Norm() * m.Apply(c.Add(geometry.Point{Y: 1})).Sub(p).Norm())
	return int(math.Max(1, math.Min(6, math.Ceil(foot-.25))))
}

// bilinear returns the source's value at p, 0 to 255, repeating its edge outside.
func bilinear(src frame.Plane, p geometry.Point) float64 {
	x := math.Max(0, math.Min(p.X-.5, float64(src.Width-1)))
	y := math.Max(0, math.Min(p.Y-.5, float64(src.Height-1)))
	if !(x >= 0 && y >= 0) { // NaN beyond the horizon
		return 0
	}
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, src.Width-1), min(y0+1, src.Height-1)
	fx, fy := x-float64(x0), y-float64(y0)
	a, b := src.Pix[y0*src.Stride:], src.Pix[y1*src.Stride:]
	top := float64(a[x0]) + (float64(a[x1])-float64(a[x0]))*fx
	bottom := float64(b[x0]) + (float64(b[x1])-float64(b[x0]))*fx
	return top + (bottom-top)*fy
}

// shrink fills out (width × height) with the area average of src.
func shrink(out []byte, stride, width, height int, src frame.Plane) {
	kx, ky := float64(src.Width)/float64(width), float64(src.Height)/float64(height)
	columns := weights(width, kx, src.Width)
	rows := weights(height, ky, src.Height)
	line := make([]float64, src.Width)
	for y := range height {
		clear(line)
		for j, w := range rows[y].w {
			for x, v := range src.Row(rows[y].first + j) {
				line[x] += w * float64(v)
			}
		}
		for x := range width {
			var sum float64
			for i, w := range columns[x].w {
				sum += w * line[columns[x].first+i]
			}
			out[y*stride+x] = byte(sum + .5)
		}
	}
}

type span struct {
	first int
	w     []float64 // sums to 1
}

// weights returns for each of n target pixels, k source pixels wide, the source pixels that it covers and their shares.
func weights(n int, k float64, size int) []span {
	out := make([]span, n)
	for i := range out {
		lo, hi := float64(i)*k, float64(i+1)*k
		first, last := int(lo), min(int(math.Ceil(hi)), size)
		s := span{first: first}
		for p := first; p < last; p++ {
			s.w = append(s.w, (math.Min(hi, float64(p+1))-math.Max(lo, float64(p)))/(hi-lo))
		}
		out[i] = s
	}
	return out
}
