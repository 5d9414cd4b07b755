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

func TestDegenerateQuadHasNoMap(t *testing.T) {
	if _, ok := QuadToQuad(Rect(0, 0, 1, 1), Quad{{0, 0}, {1, 1}, {2, 2}, {3, 3}}); ok {
		t.Fatal("a line was accepted as a quad")
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
	if (Quad{{0, 0}, {2, 1}, {2, 0}, {0, 1}}).Convex() {
		t.Error("a bow tie is not")
	}
	if !Rect(0, 0, .02, -.01).Convex() {
		t.Error("a small one is, in either direction")
	}
	if (Quad{{0, 0}, {4, 0}, {1, 1}, {0, 4}}).Convex() {
		t.Error("an arrow head is not")
	}
}
