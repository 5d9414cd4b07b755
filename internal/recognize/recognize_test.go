package recognize_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
)

func engine(t testing.TB) *recognize.Engine {
	t.Helper()
	e, err := recognize.New(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestNewRefusesWhatAreNoWeights(t *testing.T) {
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("these are no weights"), "half": weights.Data[:len(weights.Data)/2]} {
		if _, err := recognize.New(data); err == nil {
			t.Errorf("%s is taken for weights", name)
		}
	}
}

// The live page locates in every frame: a steady stream of frames leaves nothing to collect.
func TestLocateAllocatesNothing(t *testing.T) {
	e, f := engine(t), specimen(t, "embossed16.jpg")
	if n := testing.AllocsPerRun(20, func() { e.Locate(f) }); n > 0 {
		t.Errorf("%.0f allocations a frame", n)
	}
}

// The browser fetches the weights in two files; the engine of both is the engine of one.
func TestTheEngineComesInTwoParts(t *testing.T) {
	first, rest, err := recognize.Split(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	if len(first)+len(rest) > len(weights.Data)+20 {
		t.Errorf("parts of %d and %d bytes of a file of %d", len(first), len(rest), len(weights.Data))
	}
	for name, data := range map[string][]byte{"the rest": rest, "half": first[:len(first)/2]} {
		if _, err := recognize.NewLocator(data); err == nil {
			t.Errorf("%s is taken for a locator's weights", name)
		}
	}
	l, err := recognize.NewLocator(first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Engine(first); err == nil {
		t.Error("the locator's weights are taken for the rest")
	}
	parts, err := l.Engine(rest)
	if err != nil {
		t.Fatal(err)
	}
	whole := engine(t)
	f := specimen(t, "embossed16.jpg")
	if a, b := l.LocateAll(f), whole.LocateAll(f); len(a) == 0 || !slices.Equal(a, b) {
		t.Errorf("the locator alone finds %v, the engine %v", a, b)
	}
	a, err := parts.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := whole.Read(f)
	if err != nil || len(a) != 1 || len(b) != 1 || a[0].Number != b[0].Number || a[0].Number.IsZero() || a[0].Quad != b[0].Quad {
		t.Errorf("of two parts: %v, of one: %v %v", a, b, err)
	}
}

// Any frame gets an answer, and any plane that doesn't fit its size an error.
func FuzzRead(f *testing.F) {
	f.Add(uint64(1), uint16(100), uint16(80), uint16(3), true)
	f.Add(uint64(2), uint16(1), uint16(1), uint16(0), false)
	f.Add(uint64(3), uint16(700), uint16(3), uint16(9), true)
	f.Add(uint64(4), uint16(0), uint16(5), uint16(0), false)
	f.Add(uint64(5), uint16(2), uint16(900), uint16(1), true)
	e := engine(f)
	f.Fuzz(func(t *testing.T, seed uint64, width, height, slack uint16, colour bool) {
		w, h, stride := int(width%1200), int(height%1200), int(width%1200)+int(slack%64)
		r := rand.New(rand.NewPCG(seed, 0))
		plane := func(w, h int) frame.Plane {
			p := frame.Plane{Pix: make([]byte, stride*h), Width: w, Height: h, Stride: stride}
			level, spread := r.IntN(256), 1+r.IntN(255)
			for i := range p.Pix {
				p.Pix[i] = byte(level + r.IntN(spread))
			}
			for range r.IntN(6) {
				if w == 0 || h == 0 {
					break
				}
				x, y, v := r.IntN(w), r.IntN(h), byte(r.Uint32())
				for j := y; j < min(h, y+h/3+1); j++ {
					for i := x; i < min(w, x+w/2+1); i++ {
						p.Pix[j*stride+i] = v
					}
				}
			}
			return p
		}
		fr := &frame.Frame{Y: plane(w, h)}
		if colour {
			fr.Cb, fr.Cr = plane((w+1)/2, (h+1)/2), plane((w+1)/2, (h+1)/2)
		}
		cards, err := e.Read(fr)
		if (err != nil) != (fr.Check() != nil) {
			t.Fatalf("%d×%d: error %v", w, h, err)
		}
		for _, c := range cards {
			if c.Confidence < 0 || c.Confidence > 1 || len(c.Digits) != c.Number.Len() || !c.Quad.Convex() {
				t.Fatalf("%d×%d: an impossible card", w, h)
			}
		}
	})
}

// One engine serves many at once, with the answers it gives one at a time.
func TestReadsTheSameInParallel(t *testing.T) {
	e := engine(t)
	type answer struct {
		located []recognize.Location
		cards   []recognize.Card
	}
	ask := func(f *frame.Frame) answer {
		cards, err := e.Read(f)
		if err != nil {
			t.Error(err)
		}
		return answer{e.LocateAll(f), cards}
	}
	frames := []*frame.Frame{specimen(t, "embossed16.jpg"), specimen(t, "flat16.jpg")}
	var want [2]answer
	for i, f := range frames {
		if want[i] = ask(f); len(want[i].located) == 0 || len(want[i].cards) != 1 || want[i].cards[0].Number.IsZero() {
			t.Fatal("a specimen isn't read, so this tells nothing")
		}
	}
	var all sync.WaitGroup
	for k := range 4 {
		all.Go(func() {
			for i := range 4 {
				if f := (k + i) % 2; !reflect.DeepEqual(ask(frames[f]), want[f]) {
					t.Error("another answer for the same frame")
				}
			}
		})
	}
	all.Wait()
}
