package recognize

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

// tilted is a card seen at an angle, in a picture of 640 × 480.
var tilted = geometry.Quad{{X: 150, Y: 120}, {X: 480, Y: 90}, {X: 520, Y: 310}, {X: 170, Y: 340}}

// painted returns a picture with q, its corners rounded, in another gray than its surroundings, and some noise.
func painted(q geometry.Quad, noise float64) *frame.Frame {
	f := &frame.Frame{Y: frame.NewPlane(640, 480)}
	r := rand.New(rand.NewPCG(1, 1))
	toCard, _ := geometry.QuadToQuad(q, geometry.Rect(0, 0, 85.6, 53.98))
	for y := range f.Y.Height {
		for x := range f.Y.Width {
			v, n := 0.0, 0.0
			for _, dy := range []float64{.125, .375, .625, .875} {
				for _, dx := range []float64{.125, .375, .625, .875} {
					n++
					if onCard(toCard.Apply(geometry.Point{X: float64(x) + dx, Y: float64(y) + dy})) {
						v++
					}
				}
			}
			f.Y.Row(y)[x] = uint8(min(max(90+80*v/n+noise*r.NormFloat64(), 0), 255))
		}
	}
	return f
}

// onCard reports whether a point in mm lies on an ID-1 card, whose corners have a radius of 3.18 mm.
func onCard(p geometry.Point) bool {
	const w, h, radius = 85.6, 53.98, 3.18
	if p.X < 0 || p.Y < 0 || p.X > w || p.Y > h {
		return false
	}
	dx, dy := math.Max(radius-p.X, p.X-(w-radius)), math.Max(radius-p.Y, p.Y-(h-radius))
	return dx <= 0 || dy <= 0 || math.Hypot(dx, dy) <= radius
}

func farthestCorner(a, b geometry.Quad) (d float64) {
	for i := range a {
		d = math.Max(d, a[i].Dist(b[i]))
	}
	return d
}

func TestOutlineOfAMask(t *testing.T) {
	f := painted(tilted, 0)
	g := grid{make([]float32, 640*480), 640, 480}
	for i, v := range f.Y.Pix {
		g.v[i] = float32(v)
	}
	g.v[20*640+600] = 255 // a speck
	parts := connected(nil, g, 130, 50, make([]bool, len(g.v)), make([]int32, len(g.v)))
	if len(parts) != 1 {
		t.Fatalf("%d parts", len(parts))
	}
	q, ok := new(outliner).around(parts[0], g.w)
	if d := farthestCorner(startTopLeft(q), tilted); !ok || d > 3 {
		t.Errorf("a corner is %.1f px off", d)
	}
}

func TestConnectedAgainstPainting(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	const w, h = 31, 23
	for range 50 {
		g := grid{make([]float32, w*h), w, h}
		for i := range g.v {
			g.v[i] = float32(r.IntN(2))
		}
		parts := connected(nil, g, 0.5, 1, make([]bool, w*h), make([]int32, w*h))
		// The twin: every cell takes the least name among its neighbours until nothing changes.
		name := make([]int, w*h)
		for i := range name {
			name[i] = i
		}
		for changed := true; changed; {
			changed = false
			for i := range name {
				for _, n := range []int{i - 1, i + 1, i - w, i + w} {
					if n < 0 || n >= w*h || (n == i-1 && i%w == 0) || (n == i+1 && n%w == 0) || g.v[i] == 0 || g.v[n] == 0 {
						continue
					}
					if name[n] < name[i] {
						name[i], changed = name[n], true
					}
				}
			}
		}
		count := map[int]int{}
		for i, n := range name {
			if g.v[i] > 0 {
				count[n]++
			}
		}
		if len(parts) != len(count) {
			t.Fatalf("%d parts, want %d", len(parts), len(count))
		}
		for i, p := range parts {
			n := name[p.cells[0]]
			if len(p.cells) != count[n] || i > 0 && len(p.cells) > len(parts[i-1].cells) {
				t.Fatalf("part %d has %d cells, want %d", i, len(p.cells), count[n])
			}
			for _, c := range p.cells {
				if name[c] != n {
					t.Fatal("a part holds cells of two")
				}
			}
		}
	}
}

func TestEnclosingRestoresCutCorners(t *testing.T) {
	cut := []geometry.Point{{X: 10, Y: 0}, {X: 90, Y: 0}, {X: 100, Y: 8}, {X: 100, Y: 55}, {X: 92, Y: 60}, {X: 0, Y: 60}, {X: 0, Y: 9}}
	q, ok := new(outliner).enclosing(cut)
	if d := farthestCorner(startTopLeft(q), geometry.Rect(0, 0, 100, 60)); !ok || d > 1e-9 {
		t.Errorf("%v", q)
	}
	if _, ok := new(outliner).enclosing(cut[:3]); ok {
		t.Error("a triangle has no four sides")
	}
}

func TestRefineLaysSidesOnEdges(t *testing.T) {
	e := &Engine{}
	for _, noise := range []float64{0, 6} {
		r := &run{engine: e, frame: painted(tilted, noise)}
		r.pyramid.build(r.frame, smallest)
		rough := tilted
		for i, d := range []geometry.Point{{X: 4, Y: -3}, {X: -3, Y: 5}, {X: 5, Y: 4}, {X: -4, Y: -4}} {
			rough[i] = rough[i].Add(d)
		}
		if d := farthestCorner(r.refine(rough), tilted); d > 0.6 {
			t.Errorf("noise %v: a corner is %.2f px off", noise, d)
		}
	}
	flat := &run{engine: e, frame: &frame.Frame{Y: frame.NewPlane(640, 480)}}
	flat.pyramid.build(flat.frame, smallest)
	if q := flat.refine(tilted); farthestCorner(q, tilted) > 1e-9 {
		t.Errorf("moved to %v without any edge", q)
	}
}

// The hull of a part is that of all its cells' outer sides, found here by trying each pair of points for a side.
func TestHullAgainstEveryPair(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	const w, h = 9, 7
	for range 60 {
		var p part
		var points []geometry.Point
		for c := range w * h {
			if r.IntN(3) == 0 {
				continue
			}
			p.cells = append(p.cells, int32(c))
			x, y := float64(c%w), float64(c/w)
			points = append(points, geometry.Point{X: x, Y: y + 0.5}, geometry.Point{X: x + 1, Y: y + 0.5},
				geometry.Point{X: x + 0.5, Y: y}, geometry.Point{X: x + 0.5, Y: y + 1})
		}
		var o outliner
		o.findHull(p, w)
		for i, a := range o.hull {
			b, c := o.hull[(i+1)%len(o.hull)], o.hull[(i+2)%len(o.hull)]
			if b.Sub(a).Cross(c.Sub(b)) <= 0 || !slices.Contains(points, a) {
				t.Fatalf("%v is no corner", b)
			}
			for _, q := range points {
				if b.Sub(a).Cross(q.Sub(a)) < 0 {
					t.Fatalf("%v lies outside", q)
				}
			}
		}
	}
}
