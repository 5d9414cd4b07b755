package recognize

// Assemble: of the quads that the locator's maps make possible, the one that agrees best with all three of them, the
// mask, the corners and the edges, and with the shape of a card. A mask alone runs together with what lies beside the
// card; a corner alone may be any thing's.

import (
	"cmp"
	"math"
	"slices"

	"ocrbankcard/internal/geometry"
)

const (
	leastPeakHeat = 0.06 // of a cell that may be a corner
	mostPeaks     = 10
	mostPoints    = 14
	samePoint     = 1.2  // cells between points that are one corner
	leastArea     = 30   // cells
	oddShape      = 4.0  // oddness beyond which no card looks so
	oddWeighs     = 0.1  // what oddity takes from agreement
	leastScore    = 0.75 // agreement less what oddity takes, below which a quad is not looked at
)

// maskLevels are the levels at which the mask's outline is taken.
var maskLevels = []float32{0.35, maskLevel, 0.75}

// maps are the locator's answers and the part of them that shows the frame, in cells.
type maps struct {
	mask, corner, edge grid
	x0, y0, x1, y1     float64
	camera             camera // in cells, too
}

// scored is a quad in cells with its score.
type scored struct {
	q     geometry.Quad
	score float64
}

// assembler makes quads, in memory that it uses again. The outlines are those of the mask, in cells.
type assembler struct {
	outlines     []geometry.Quad
	peaks        []peak
	points       []geometry.Point
	found, apart []scored
}

// peak is a place with more heat than the cells around it.
type peak struct {
	p    geometry.Point
	heat float32
}

// assemble returns the quads that may be cards, in cells, the best first.
func (s *assembler) assemble(m *maps) []scored {
	s.findPoints(m)
	points, found := s.points, s.found[:0]
	try := func(q geometry.Quad) {
		q = q.Clockwise()
		if !q.Convex() || q.Area() < leastArea {
			return
		}
		if oddness(q) >= oddShape {
			return
		}
		score := m.agreement(q)
		if score >= leastScore {
			score -= oddWeighs * m.camera.oddity(q, cellTolerance)
		}
		if score >= leastScore {
			found = append(found, scored{q, score})
		}
	}
	for _, q := range s.outlines {
		try(q)
	}
	n := len(points)
	for a := range n {
		for b := a + 1; b < n; b++ {
			for c := b + 1; c < n; c++ {
				p, q, r := points[a], points[b], points[c]
				try(geometry.Quad{p, q, r, p.Add(r).Sub(q)})
				try(geometry.Quad{q, p, r, q.Add(r).Sub(p)})
				try(geometry.Quad{p, r, q, p.Add(q).Sub(r)})
				for d := c + 1; d < n; d++ {
					try(around(p, q, r, points[d]))
				}
			}
		}
	}
	order(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	s.found = found
	return found
}

// distinct returns the best of the quads that overlap each other less than so much, no more than three.
func (s *assembler) distinct(found []scored, overlap float64) []scored {
	apart := s.apart[:0]
	for _, f := range found {
		if len(apart) == mostCards {
			break
		}
		if !slices.ContainsFunc(apart, func(a scored) bool { return a.q.IoU(f.q) > overlap }) {
			apart = append(apart, f)
		}
	}
	s.apart = apart
	return apart
}

// around orders four points by their direction from their middle.
func around(a, b, c, d geometry.Point) geometry.Quad {
	q := geometry.Quad{a, b, c, d}
	middle := a.Add(b).Add(c).Add(d).Mul(0.25)
	var angle [4]float64
	for i, p := range q {
		angle[i] = math.Atan2(p.Y-middle.Y, p.X-middle.X)
	}
	for i := 1; i < 4; i++ {
		for k := i; k > 0 && angle[k] < angle[k-1]; k-- {
			angle[k], angle[k-1] = angle[k-1], angle[k]
			q[k], q[k-1] = q[k-1], q[k]
		}
	}
	return q
}

// findPoints finds where corners may be, in cells: the peaks of the corners' heat, and the outlines' own corners.
func (s *assembler) findPoints(m *maps) {
	peaks := s.peaks[:0]
	h := m.corner
	at := func(x, y int) float32 {
		if x < 0 || y < 0 || x >= h.w || y >= h.h {
			return 0
		}
		return h.v[y*h.w+x]
	}
	for y := range h.h {
		for x := range h.w {
			v := at(x, y)
			if v < leastPeakHeat || v < at(x-1, y) || v <= at(x+1, y) || v < at(x, y-1) || v <= at(x, y+1) ||
				v < at(x-1, y-1) || v <= at(x+1, y+1) || v < at(x+1, y-1) || v <= at(x-1, y+1) {
				continue
			}
			peaks = append(peaks, peak{h.peak(x, y), v})
		}
	}
	order(peaks, func(a, b peak) int { return cmp.Compare(b.heat, a.heat) })
	points := s.points[:0]
	add := func(p geometry.Point) {
		if len(points) < mostPoints && !slices.ContainsFunc(points, func(o geometry.Point) bool { return o.Dist(p) < samePoint }) {
			points = append(points, p)
		}
	}
	for _, p := range peaks[:min(len(peaks), mostPeaks)] {
		add(p.p)
	}
	for _, q := range s.outlines {
		for _, p := range q {
			add(p)
		}
	}
	s.peaks, s.points = peaks, points
}

// oddness is how unlike a card the quad is by its sides alone: 0 for a card seen from straight above, 1 for a rather
// slanted one. It is quicker than the camera's oddity.
func oddness(q geometry.Quad) float64 {
	s := q.Sides()
	long, short := s[0]+s[2], s[1]+s[3]
	if long < short {
		long, short = short, long
	}
	aspect := math.Log(long/short/geometry.AspectID1) / 0.22
	skew := q[0].Sub(q[1]).Add(q[2]).Sub(q[3]).Norm() / math.Sqrt(q.Area()) / 0.25
	return aspect*aspect + skew*skew
}

const (
	sideSamples  = 10
	innerSamples = 6
	leastShown   = innerSamples * innerSamples * 2 / 3 // of those: what lies beyond the frame agrees with any quad
	ringWidth    = 1.3                                 // cells beyond a side that should show no card
	unknownEdge  = 0.45                                // what a side or corner beyond the frame counts, between none and clear
)

// agreement is how well the maps agree with the quad, about 0 to 2.5.
func (m *maps) agreement(q geometry.Quad) float64 {
	var edge, ring, corner float64
	for i, a := range q {
		b := q[(i+1)%4]
		d := b.Sub(a)
		n := geometry.Point{X: d.Y, Y: -d.X}.Mul(ringWidth / math.Max(d.Norm(), 1e-9))
		for k := range sideSamples {
			p := a.Add(d.Mul((float64(k) + 0.5) / sideSamples))
			if m.shows(p) {
				edge += m.edge.at(p.X, p.Y)
			} else {
				edge += unknownEdge
			}
			if o := p.Add(n); m.shows(o) {
				ring += m.mask.at(o.X, o.Y)
			}
		}
		if m.shows(a) {
			corner += m.corner.at(a.X, a.Y)
		} else {
			corner += unknownEdge
		}
	}
	inner, shown := 0.0, 0
	for i := range innerSamples {
		left, right := q[0].Lerp(q[3], (float64(i)+0.5)/innerSamples), q[1].Lerp(q[2], (float64(i)+0.5)/innerSamples)
		for k := range innerSamples {
			p := left.Lerp(right, (float64(k)+0.5)/innerSamples)
			if m.shows(p) {
				inner += m.mask.at(p.X, p.Y)
				shown++
			} else {
				inner += 0.5
			}
		}
	}
	if shown < leastShown {
		return 0
	}
	const sides = 4 * sideSamples
	return edge/sides + inner/(innerSamples*innerSamples) - 0.6*ring/sides + 0.35*corner/4
}

// shows reports whether the frame, well inside its edge, covers p.
func (m *maps) shows(p geometry.Point) bool {
	return p.X >= m.x0+0.5 && p.Y >= m.y0+0.5 && p.X <= m.x1-0.5 && p.Y <= m.y1-0.5
}
