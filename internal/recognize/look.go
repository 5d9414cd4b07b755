package recognize

// Look: a net sees the rectified card with some of its surroundings, and answers where its sides really run and where
// on it digits stand, in which direction and how high.

import (
	"math"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

const (
	viewWidth, viewHeight = 192, 128 // the view of a card and its surroundings, in pixels
	viewMargin            = 0.125    // what it shows beyond each side, as a share of the card's size
)

// inView is where a view shows the quad that it was made for.
var inView = geometry.Rect(
	viewWidth*viewMargin/(1+2*viewMargin), viewHeight*viewMargin/(1+2*viewMargin),
	viewWidth*(1+viewMargin)/(1+2*viewMargin), viewHeight*(1+viewMargin)/(1+2*viewMargin),
)

// view is a card as the card net sees it: where the view's pixels lie in the frame, and the net's answer.
type view struct {
	quad    geometry.Quad // the outline in the frame that the view was made for, its first side on top
	toFrame geometry.Homography
	sides   [4]grid // heat along the card's top, right, bottom and left side, as the view shows them
	digits  [4]grid // where digits are read rightwards, downwards, leftwards and upwards
	offset  grid    // from a cell to its line of digits, in cells, towards what is below for its reader
	height  grid    // natural logarithm of the digits' height in cells
	seen    float64 // how much of the card's sides could be made out, 0 to 1; less for an outline that is hardly a card's
}

// look makes the view of q and asks the net. It reports false for a quad that can't be rectified.
func (r *run) look(q geometry.Quad) (view, bool) {
	v, ok, err := r.lookIn(&r.arena, q)
	r.fail(err)
	return v, ok
}

// lookIn is look in the given memory; the run's own may be used meanwhile.
func (r *run) lookIn(a *neural.Arena, q geometry.Quad) (view, bool, error) {
	defer r.trace.enter("look")()
	toFrame, ok := geometry.QuadToQuad(inView, q)
	if !ok {
		return view{}, false, nil
	}
	a.Reset()
	in := a.Tensor(3, viewHeight, viewWidth)
	inside := a.Floats(viewHeight * viewWidth)
	w, h := r.frame.Size()
	warp(in.Plane(0), inside, viewWidth, viewHeight, r.pyramid.luma, w, h, toFrame)
	for c := range 2 {
		p := in.Plane(1 + c)
		fill(p, 128)
		if !r.frame.Gray() {
			warp(p, nil, viewWidth, viewHeight, r.pyramid.chroma[c], w, h, toFrame)
		}
	}
	normaliseColour(in, inside)
	out, err := r.engine.cardnet.Run(a, in)
	if err != nil {
		return view{}, false, err
	}
	v := view{quad: q, toFrame: toFrame}
	for i := range 4 {
		v.sides[i], v.digits[i] = planeOf(out[0], i), planeOf(out[0], 4+i)
	}
	v.offset, v.height = planeOf(out[1], 0), planeOf(out[1], 1)
	return v, true, nil
}

// outlook looks at q, a long side on top, until it lies where the card's sides really run.
func (r *run) outlook(q geometry.Quad) (view, bool) {
	if s := q.Sides(); s[0]+s[2] < s[1]+s[3] {
		q = q.Roll(1)
	}
	v, ok := r.look(q)
	for looks := 1; ok; looks++ {
		better, seen := v.outline()
		v.quad, v.seen = better, seen*r.likely(better)
		if looks == mostLooks || meanDistance(better, q) < closeEnough*math.Sqrt(q.Area()) {
			break
		}
		next, fine := r.look(better)
		if !fine {
			break
		}
		v, q = next, better
	}
	return v, ok
}

// mostLooks bounds how often a card is looked at.
const mostLooks = 3

// closeEnough is how far off a first look's quad may be, as a share of the card's size, to need no second.
const closeEnough = 0.015

func meanDistance(a, b geometry.Quad) (d float64) {
	for i := range a {
		d += a[i].Dist(b[i]) / 4
	}
	return d
}

// outline lays each side of the view's quad along the heat of that side. A side without heat stays. It returns too how
// much of the sides has heat along it, 0 to 1.
func (v *view) outline() (geometry.Quad, float64) {
	var sides [4]line
	var seen float64
	for i := range sides {
		p, q := inView[i], inView[(i+1)%4]
		sides[i] = line{p, q.Sub(p)}
		if l, heat, ok := ridge(v.sides[i], i%2 == 0); ok {
			sides[i] = l
			seen += math.Min(heat, 1) / 4
		}
	}
	q, ok := meet(sides)
	if !ok || !q.Convex() {
		return v.quad, 0
	}
	q = v.toFrame.ApplyQuad(q)
	if !q.Convex() || meanDistance(q, v.quad) > 0.5*math.Sqrt(v.quad.Area()) {
		return v.quad, 0
	}
	return q, seen
}

const (
	leastHeat  = 0.2 // of a side's map for its row or column to count
	ridgeReach = 2   // cells either way of its peak that give its place
	leastRidge = 5   // such rows or columns that make a side
)

// ridge fits a line to the crest of a heat map, in the view's pixels, by weighted least squares; crests off the line
// lose their weight in further rounds. lying says that the line runs along rows rather than columns. The mean heat is that
// along a card's side.
func ridge(g grid, lying bool) (l line, mean float64, ok bool) {
	along, across := g.w, g.h
	at := func(i, j int) float64 { return float64(g.v[j*g.w+i]) }
	if !lying {
		along, across = g.h, g.w
		at = func(i, j int) float64 { return float64(g.v[i*g.w+j]) }
	}
	var x, y, heat [max(viewWidth, viewHeight) / cellSize]float64
	n := 0
	for i := range along {
		peak := 0
		for j := range across {
			if at(i, j) > at(i, peak) {
				peak = j
			}
		}
		if at(i, peak) < leastHeat {
			continue
		}
		var sum, moment float64
		for j := max(0, peak-ridgeReach); j <= min(across-1, peak+ridgeReach); j++ {
			sum += at(i, j)
			moment += at(i, j) * (float64(j) + 0.5)
		}
		x[n], y[n], heat[n] = float64(i)+0.5, moment/sum, at(i, peak)
		n++
	}
	if n < leastRidge {
		return line{}, 0, false
	}
	var offset, slope float64
	for round := range 4 {
		var f fit
		for k := range n {
			e := 0.0
			if round > 0 {
				e = (y[k] - offset - slope*x[k]) / 0.5
			}
			f.add(x[k], y[k], heat[k]/(1+e*e)) // Cauchy's weights
		}
		offset, slope = f.line()
		mean = f.w / (float64(along) / (1 + 2*viewMargin))
	}
	p, d := geometry.Point{Y: offset}, geometry.Point{X: 1, Y: slope}
	if !lying {
		p, d = geometry.Point{X: offset}, geometry.Point{X: slope, Y: 1}
	}
	return line{p.Mul(cellSize), d}, mean, true
}

// fit gathers points for a weighted least squares line y = offset + slope·x.
type fit struct{ w, x, y, xx, xy float64 }

func (f *fit) add(x, y, weight float64) {
	f.w += weight
	f.x += weight * x
	f.y += weight * y
	f.xx += weight * x * x
	f.xy += weight * x * y
}

// line returns the line, a level one when the points hardly differ in x.
func (f *fit) line() (offset, slope float64) {
	if f.w <= 0 {
		return 0, 0
	}
	det := f.w*f.xx - f.x*f.x
	if det <= 0.5*f.w*f.w {
		return f.y / f.w, 0
	}
	return (f.xx*f.y - f.x*f.xy) / det, (f.w*f.xy - f.x*f.y) / det
}

// normaliseColour scales luma by its mean and deviation over the pixels inside the picture, and chroma about gray;
// what lies outside becomes 0. Samples come in as 0 to 255.
func normaliseColour(in neural.Tensor, inside []float32) {
	var n, sum, square float64
	luma := in.Plane(0)
	for i, v := range luma {
		if inside[i] != 0 {
			n++
			sum += float64(v)
			square += float64(v) * float64(v)
		}
	}
	mean := sum / math.Max(n, 1)
	std := math.Sqrt(math.Max(square/math.Max(n, 1)-mean*mean, 0))
	neural.Standardise(luma, inside, float32(mean), float32(1/(std+0.05*255)))
	for c := 1; c < 3; c++ {
		neural.Standardise(in.Plane(c), inside, 128, 1.0/32)
	}
}

// planeOf returns a channel of a net's answer as a grid.
func planeOf(t neural.Tensor, channel int) grid { return grid{t.Plane(channel), t.Width, t.Height} }

// fill makes each of v x. Copying what is filled already is faster than storing one by one.
func fill(v []float32, x float32) {
	if len(v) == 0 {
		return
	}
	v[0] = x
	for n := 1; n < len(v); n *= 2 {
		copy(v[n:], v[:n])
	}
}
