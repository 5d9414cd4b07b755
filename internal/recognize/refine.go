package recognize

// Refine: each side of the quad is laid along the strongest straight edge near it, found at full detail by RANSAC
// (Fischler and Bolles, 1981) over the steepest point of many short profiles across the side.

import (
	"math"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

const (
	refineSide   = 640   // the unit of this file's distances is a pixel when the frame's longer side has so many
	profiles     = 60    // across each side, from a tenth to nine tenths of it
	reach        = 0.012 // half a profile's length, as a share of the card's size; half of that the second time
	profileStep  = 0.5   // units between the samples of a profile
	longest      = 256   // samples in a profile, at most
	steepest     = 25.0  // a profile counts by its gradient, up to this, in gray values a unit
	inlier       = 1.0   // units from the line
	leastInliers = 0.3   // of the profiles, below which a side has no edge
	leastWeight  = 4.0   // mean gradient of those
	farthest     = 0.10  // no corner may move further, as a share of the card's size
)

// refine returns q, in pixels of the frame, laid on the edges of the picture. A side without a clear edge stays; where
// the result is implausible, so does q.
func (r *run) refine(q geometry.Quad) geometry.Quad {
	defer r.trace.enter("refine")()
	w, h := r.frame.Size()
	step := math.Max(1, float64(max(w, h))/refineSide)
	src, k := level(r.pyramid.luma, step)
	scale := math.Ldexp(1, -k)
	unit := step * scale
	start := q.Scale(scale)
	size := math.Sqrt(start.Area())
	now := start
	for _, share := range []float64{reach, reach / 2} {
		next, ok := layOnEdges(src, now, size*share, unit)
		for i := range next {
			ok = ok && next[i].Dist(start[i]) <= farthest*size
		}
		if !ok || !next.Convex() {
			break
		}
		now = next
	}
	return now.Scale(1 / scale)
}

// line runs through p in direction d.
type line struct{ p, d geometry.Point }

// layOnEdges fits a line to the edge within reach of each side and returns the quad of their intersections.
func layOnEdges(src frame.Plane, q geometry.Quad, reach, unit float64) (geometry.Quad, bool) {
	var sides [4]line
	for i := range q {
		sides[i] = edgeNear(src, q[i], q[(i+1)%4], reach, unit)
	}
	return meet(sides)
}

// meet returns the quad whose sides top, right, bottom and left lie on the lines.
func meet(sides [4]line) (q geometry.Quad, ok bool) {
	for i, s := range sides {
		before := sides[(i+3)%4]
		if q[i], ok = geometry.Intersect(before.p, before.d, s.p, s.d); !ok {
			return q, false
		}
	}
	return q, true
}

// crossing is where a profile is steepest: along the side, across it, and how steep.
type crossing struct{ along, across, weight float64 }

// edgeNear returns the line of the strongest straight edge within reach of the side from a to b, or the side itself.
func edgeNear(src frame.Plane, a, b geometry.Point, reach, unit float64) line {
	length := a.Dist(b)
	side := line{a, b.Sub(a)}
	if length < 8*unit {
		return side
	}
	u := b.Sub(a).Mul(1 / length)
	n := geometry.Point{X: u.Y, Y: -u.X}
	var found [profiles]crossing
	for i := range found {
		t := (0.1 + 0.8*float64(i)/(profiles-1)) * length
		found[i] = steepestPoint(src, a.Add(u.Mul(t)), u, n, reach, unit)
		found[i].along = t
	}
	offset, slope, ok := consensus(found[:], inlier*unit)
	if !ok {
		return side
	}
	return line{a.Add(n.Mul(offset)), u.Add(n.Mul(slope))}
}

// steepestPoint samples the profile through p across the side and returns where its gradient is largest.
// The gradient is taken with the derivative of a Gaussian of one unit, after a short mean along the side.
func steepestPoint(src frame.Plane, p, u, n geometry.Point, reach, unit float64) crossing {
	kernel := [5]float64{0, 0.1051, 0.1445, 0.1160, 0.0645} // ∝ m·exp(−m²/8), with Σ m·kernel[m] = 1
	var v [longest]float64
	step := profileStep * unit
	half := min(int(reach/step)+len(kernel), longest/2-1)
	count := 2*half + 1
	var beside [3][longest]float32
	for i := range beside {
		first := p.Add(n.Mul(float64(-half) * step)).Add(u.Mul(float64(i-1) * unit))
		warpRow(beside[i][:count], nil, src, &ray{first.X, first.Y, 1, n.X * step, n.Y * step, 0})
	}
	for j := range count {
		v[j] = (2*float64(beside[1][j]) + float64(beside[2][j]) + float64(beside[0][j])) / 4
	}
	var g [longest]float64
	best, at := 0.0, -1
	for j := len(kernel) - 1; j <= count-len(kernel); j++ {
		c := p.Add(n.Mul(float64(j-half) * step))
		if c.X < 1 || c.Y < 1 || c.X > float64(src.Width-1) || c.Y > float64(src.Height-1) {
			continue // the frame's own edge is none of the card's
		}
		var sum float64
		for m := 1; m < len(kernel); m++ {
			sum += kernel[m] * (v[j+m] - v[j-m])
		}
		if g[j] = math.Abs(sum); g[j] > best {
			best, at = g[j], j
		}
	}
	if at < 1 {
		return crossing{}
	}
	shift := peakOffset(g[at-1], g[at], g[at+1])
	return crossing{across: (float64(at-half) + shift) * step, weight: math.Min(best, steepest)}
}

// consensus returns the line across = offset + slope·along that most weight agrees with, fitted to those that agree by
// weighted least squares. All pairs of every second crossing are tried, so the answer needs no chance.
func consensus(found []crossing, tolerance float64) (offset, slope float64, ok bool) {
	best := 0.0
	for i := 0; i < len(found); i += 2 {
		for j := i + len(found)/5; j < len(found); j += 2 {
			m := (found[j].across - found[i].across) / (found[j].along - found[i].along)
			c := found[i].across - m*found[i].along
			var weight float64
			for _, f := range found {
				if math.Abs(f.across-c-m*f.along) < tolerance {
					weight += f.weight
				}
			}
			if weight > best {
				best, offset, slope = weight, c, m
			}
		}
	}
	var w, x, y, xx, xy, count float64
	for _, f := range found {
		if math.Abs(f.across-offset-slope*f.along) >= tolerance {
			continue
		}
		count++
		w += f.weight
		x += f.weight * f.along
		y += f.weight * f.across
		xx += f.weight * f.along * f.along
		xy += f.weight * f.along * f.across
	}
	n := float64(len(found))
	det := w*xx - x*x
	if count < leastInliers*n || best < leastInliers*leastWeight*n || det <= 0 {
		return 0, 0, false
	}
	return (xx*y - x*xy) / det, (w*xy - x*y) / det, true
}
