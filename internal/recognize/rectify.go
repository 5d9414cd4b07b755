package recognize

// Rectify: a quad of the frame is warped straight into the upright view that a net wants, sampled once, from the level
// of the pyramid whose pixels are about as large as the view's.

import (
	"math"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

// finest is how many pixels of a level may lie between two samples before the next smaller level serves better.
const finest = 1.5

// stepOf returns the distance in the frame between neighbouring pixels at the middle of a w × h view, along the axis
// that is sampled more densely. toFrame maps the view to the frame.
func stepOf(toFrame geometry.Homography, w, h int) float64 {
	c := geometry.Point{X: float64(w) / 2, Y: float64(h) / 2}
	o := toFrame.Apply(c)
	dx := toFrame.Apply(c.Add(geometry.Point{X: 1})).Dist(o)
	dy := toFrame.Apply(c.Add(geometry.Point{Y: 1})).Dist(o)
	return math.Min(dx, dy)
}

// warp samples planes (a pyramid's levels of one channel) into the w × h view dst, bilinearly, values 0 to 255.
// width is the frame's width in pixels of luma: chroma planes may be smaller. Beyond the frame its edge repeats; when
// inside is not nil, it is set to 1 where the sample lies on the frame and 0 elsewhere.
func warp(dst, inside []float32, w, h int, planes []frame.Plane, width, height int, toFrame geometry.Homography) {
	base := planes[0]
	sx, sy := float64(base.Width)/float64(width), float64(base.Height)/float64(height)
	src, k := level(planes, stepOf(toFrame, w, h)*math.Max(sx, sy)*2/finest)
	scale := math.Ldexp(1, -k)
	m := geometry.Homography{sx * scale, 0, 0, 0, sy * scale, 0, 0, 0, 1}.Compose(toFrame)
	for y := range h {
		p := geometry.Point{X: 0.5, Y: float64(y) + 0.5}
		at := ray{
			m[0]*p.X + m[1]*p.Y + m[2], m[3]*p.X + m[4]*p.Y + m[5], m[6]*p.X + m[7]*p.Y + m[8],
			m[0], m[3], m[6],
		}
		var in []float32
		if inside != nil {
			in = inside[y*w:][:w]
		}
		warpRow(dst[y*w:][:w], in, src, &at)
	}
}

// ray is where the samples of a view's row lie in a plane, in homogeneous coordinates: the first one, and the step from each
// to the next.
type ray [6]float64

// warpRowGo samples src along the ray.
func warpRowGo(row, inside []float32, src frame.Plane, at *ray) {
	limitX, limitY := float64(src.Width), float64(src.Height)
	nx, ny, nw := at[0], at[1], at[2]
	for x := range row {
		inv := 1 / nw
		u, v := float64(nx*inv), float64(ny*inv)
		row[x] = sample(src, u, v)
		if inside != nil {
			in := float32(0)
			if u >= 0 && v >= 0 && u < limitX && v < limitY {
				in = 1
			}
			inside[x] = in
		}
		nx, ny, nw = nx+at[3], ny+at[4], nw+at[5]
	}
}

// sample returns the bilinear value at (x, y), no product fused with a sum; the plane's edge repeats. What is no number reads
// as 0.
func sample(p frame.Plane, x, y float64) float32 {
	x, y = x-0.5, y-0.5
	if !(x > 0) {
		x = 0
	}
	if !(y > 0) {
		y = 0
	}
	if e := float64(p.Width - 1); x > e {
		x = e
	}
	if e := float64(p.Height - 1); y > e {
		y = e
	}
	i, j := int(x), int(y)
	fx, fy := float32(x-float64(i)), float32(y-float64(j))
	i1, j1 := min(i+1, p.Width-1), min(j+1, p.Height-1)
	a, b := p.Pix[j*p.Stride:], p.Pix[j1*p.Stride:]
	t := float32(a[i]) + float32(fx*(float32(a[i1])-float32(a[i])))
	u := float32(b[i]) + float32(fx*(float32(b[i1])-float32(b[i])))
	return t + float32(fy*(u-t))
}

// standardise subtracts the mean of v and divides by its standard deviation plus floor; v is on a scale of 0 to 255
// and becomes one of 0 to 1 first. It returns the standard deviation found.
func standardise(v []float32, floor float64) float64 {
	var sum, square float64
	for _, x := range v {
		sum += float64(x)
		square += float64(x) * float64(x)
	}
	n := float64(len(v))
	mean := sum / n
	std := math.Sqrt(math.Max(square/n-mean*mean, 0)) / 255
	k := float32(1 / (255 * (std + floor)))
	m := float32(mean)
	for i, x := range v {
		v[i] = (x - m) * k
	}
	return std
}
