package geometry

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(a, b Point) bool { return a.Dist(b) < 1e-6 }

func TestQuadToQuadTakesCornersToCorners(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		src := Rect(20, 10, 105.6, 63.98)
		dst := Rect(100, 100, 500, 350)
		for i := range dst {
			src[i] = src[i].Add(Point{r.Float64() * 19, r.Float64() * 19})
			dst[i] = dst[i].Add(Point{r.Float64() * 90, r.Float64() * 90})
		}
		h, ok := QuadToQuad(src, dst)
		if !ok {
			t.Fatalf("no map to %v", dst)
		}
		inv, ok := h.Inverse()
		if !ok {
			t.Fatalf("no inverse of %v", h)
		}
		for i := range src {
			if !near(h.Apply(src[i]), dst[i]) || !near(inv.Apply(dst[i]), src[i]) {
				t.Fatalf("corner %d: %v", i, h.Apply(src[i]))
			}
		}
		mid := Point{60, 40}
		if !near(inv.Compose(h).Apply(mid), mid) {
			t.Fatal("inverse after map is not the identity")
		}
	}
}

// Whichever three corners lie on a line, from there or to there is no map; nor is there one back from what flattens the plane.
func TestDegenerateQuadHasNoMap(t *testing.T) {
	square := Rect(0, 0, 1, 1)
	for k := range 4 {
		for name, flat := range map[string]Quad{
			"all": {{0, 0}, {1, 1}, {2, 2}, {3, 3}}, "three": {{0, 0}, {300, 100}, {600, 200}, {200, 500}}, "two are one": {{0, 0}, {300, 100}, {300, 100}, {200, 500}},
		} {
			if _, ok := QuadToQuad(square, flat.Roll(k)); ok {
				t.Errorf("%s on a line, rolled by %d: there is a map to it", name, k)
			}
			if _, ok := QuadToQuad(flat.Roll(k), square); ok {
				t.Errorf("%s on a line, rolled by %d: there is a map from it", name, k)
			}
		}
	}
	nan := Identity
	nan[4] = math.NaN()
	for _, h := range []Homography{{}, {1, 2, 3, 2, 4, 6, 0, 0, 1}, {2, 0, 100, 0, 2, 200, 2, 0, 100}, nan} {
		if _, ok := h.Inverse(); ok {
			t.Errorf("%v has an inverse", h)
		}
	}
}

// A quad's parts, by a parallelogram with sides of 5 and 10: right-angled triangles of 3, 4 and 5.
func TestPartsOfAQuad(t *testing.T) {
	q := Quad{{1, 2}, {9, 8}, {6, 12}, {-2, 6}}
	for name, got := range map[string]bool{
		"sides":       q.Sides() == [4]float64{10, 5, 10, 5},
		"area":        q.Area() == 50 && q.SignedArea() == 50 && q.Roll(1).SignedArea() == 50,
		"backwards":   Quad{q[0], q[3], q[2], q[1]}.SignedArea() == -50 && Quad{q[0], q[3], q[2], q[1]}.Clockwise() == q && q.Clockwise() == q,
		"rolled":      q.Roll(1) == Quad{q[1], q[2], q[3], q[0]} && q.Roll(-1) == Quad{q[3], q[0], q[1], q[2]} && q.Roll(6) == q.Roll(2),
		"centre":      q.Center() == Point{3.5, 7},
		"grown":       q.Grow(3)[0] == Point{-4, -8} && q.Grow(3).Center() == q.Center() && q.Grow(1) == q,
		"moved":       q.Translate(Point{1, -2}) == Quad{{2, 0}, {10, 6}, {7, 10}, {-1, 4}},
		"scaled":      q.Scale(0.5) == Quad{{0.5, 1}, {4.5, 4}, {3, 6}, {-1, 3}},
		"right angle": q[1].Sub(q[0]).Dot(q[2].Sub(q[1])) == 0 && q[1].Sub(q[0]).Dot(q[2].Sub(q[3])) == 100,
		"mapped":      Homography{2, 0, 1, 0, 2, -1, 0, 0, 1}.ApplyQuad(q) == q.Scale(2).Translate(Point{1, -1}),
	} {
		if !got {
			t.Errorf("%s: not as it should be", name)
		}
	}
	if lo, hi := q.Bounds(); lo != (Point{-2, 2}) || hi != (Point{9, 12}) {
		t.Errorf("bounds %v, %v", lo, hi)
	}
}

func TestIntersect(t *testing.T) {
	for _, c := range []struct {
		p, d, q, e, want Point
		meet             bool
	}{
		{Point{0, 0}, Point{2, 2}, Point{10, 0}, Point{-3, 3}, Point{5, 5}, true},
		{Point{0, 4}, Point{1000, 0}, Point{7, -20}, Point{0, 0.001}, Point{7, 4}, true},
		{Point{0, 0}, Point{100, 0}, Point{0, 1}, Point{100, 0.3}, Point{-1000. / 3, 0}, true}, // .17°
		{Point{0, 0}, Point{100, 0}, Point{0, 1}, Point{100, 0.1}, Point{}, false},             // .06°
		{Point{0, 0}, Point{3, 1}, Point{5, 5}, Point{-6, -2}, Point{}, false},
	} {
		if got, ok := Intersect(c.p, c.d, c.q, c.e); ok != c.meet || !near(got, c.want) {
			t.Errorf("%v: %v at %v", c, ok, got)
		}
	}
}

func TestIoU(t *testing.T) {
	a := Rect(0, 0, 10, 10)
	for _, c := range []struct {
		b    Quad
		want float64
	}{
		{a, 1}, {Rect(5, 0, 15, 10), 1.0 / 3}, {Rect(20, 20, 30, 30), 0}, {a.Roll(2), 1},
		{Quad{a[0], a[3], a[2], a[1]}, 1}, {Rect(2, 2, 8, 8), .36},
		{Quad{{5, 0}, {10, 5}, {5, 10}, {0, 5}}, .5}, {Quad{{5, -2}, {12, 5}, {5, 12}, {-2, 5}}, 82. / 116}, // a diamond, an octagon
		{Quad{{0, 0}, {20, 0}, {20, 20}, {0, 20}}, .25}, {Quad{}, 0}, {Quad{{0, 0}, {10, 10}, {10, 10}, {0, 0}}, 0},
	} {
		if got := a.IoU(c.b); !(math.Abs(got-c.want) <= 1e-9) { // nor NaN
			t.Errorf("IoU with %v = %v, want %v", c.b, got, c.want)
		}
	}
}

func TestConvex(t *testing.T) {
	if !Rect(0, 0, 2, 1).Convex() {
		t.Error("a rectangle is convex")
	}
	for name, q := range map[string]Quad{
		"a bow tie": {{0, 0}, {2, 1}, {2, 0}, {0, 1}}, "an arrow head": {{0, 0}, {4, 0}, {1, 1}, {0, 4}}, "a triangle": {{0, 0}, {2, 0}, {4, 0}, {1, 3}},
		"what is no number": {{0, 0}, {2, 0}, {2, math.NaN()}, {0, 1}},
	} {
		for k := range 4 {
			if q.Roll(k).Convex() {
				t.Errorf("%s is not", name)
			}
		}
	}
	if !Rect(0, 0, .02, -.01).Convex() {
		t.Error("a small one is, in either direction")
	}
}
