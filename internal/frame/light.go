package frame

// Light: how bright a part of a picture is, and how much of it is burnt out.

import (
	"math"

	"ocrbankcard/internal/geometry"
)

// burntOut is the luma from which a pixel holds no detail any more. A white card in well-metered light stays below.
const burntOut = 250

// Light returns the mean luma, 0 to 255, and the share of burnt-out pixels, 0 to 1, of the pixels of p whose centres
// lie in the convex quad q. Both are 0 where there are none.
func Light(p Plane, q geometry.Quad) (mean, burnt float64) {
	var sum, count, bright int
	eachSpan(p.Width, p.Height, q, 1, func(y, x0, x1 int) {
		for _, v := range p.Row(y)[x0:x1] {
			sum += int(v)
			if v >= burntOut {
				bright++
			}
		}
		count += x1 - x0
	})
	if count == 0 {
		return 0, 0
	}
	return float64(sum) / float64(count), float64(bright) / float64(count)
}

// eachSpan calls f for every step-th row y of a width × height picture that meets the convex quad q, with the pixels
// [x0, x1) of that row whose centres lie in q.
func eachSpan(width, height int, q geometry.Quad, step int, f func(y, x0, x1 int)) {
	lo, hi := q.Bounds()
	for y := clamp(lo.Y, height); y < height && float64(y)+0.5 < hi.Y; y += step {
		left, right := math.Inf(1), math.Inf(-1)
		for i, a := range q {
			b := q[(i+1)%4]
			t := (float64(y) + 0.5 - a.Y) / (b.Y - a.Y)
			if t >= 0 && t <= 1 {
				x := a.X + (b.X-a.X)*t
				left, right = math.Min(left, x), math.Max(right, x)
			}
		}
		if x0, x1 := clamp(left, width), clamp(right, width); x0 < x1 {
			f(y, x0, x1)
		}
	}
}

// clamp returns the first pixel whose centre lies at v or beyond, at most n; 0 where v is no number.
func clamp(v float64, n int) int {
	if !(v > 0) {
		return 0
	}
	return int(math.Ceil(math.Min(v, float64(n)+0.5) - 0.5))
}
