package recognize

import (
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/recognize/weights"
)

// clutter is noise with a few plain patches in it.
func clutter(seed uint64, w, h int) *frame.Frame {
	r := rand.New(rand.NewPCG(seed, 0))
	p := frame.NewPlane(w, h)
	level, spread := r.IntN(256), 1+r.IntN(255)
	for i := range p.Pix {
		p.Pix[i] = byte(level + r.IntN(spread))
	}
	for range 5 {
		x, y, v := r.IntN(w), r.IntN(h), byte(r.Uint32())
		for j := y; j < min(h, y+h/3); j++ {
			for i := x; i < min(w, x+w/2); i++ {
				p.Row(j)[i] = v
			}
		}
	}
	return &frame.Frame{Y: p}
}

// What looks like digits all over, and reads like none, is given up in time: without the bound, this takes 2,444 pieces.
func TestNoPictureTakesMoreWorkThanItIsWorth(t *testing.T) {
	e, err := New(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.begin(clutter(75, 200, 110))
	if err != nil {
		t.Fatal(err)
	}
	r.patient = true
	r.cards(r.readings())
	if r.pieces < mostPieces || r.pieces > mostPieces*5/4 {
		t.Errorf("%d pieces of work, want %d or a few more", r.pieces, mostPieces)
	}
	e.end(r)
	if r, err = e.begin(clutter(75, 200, 110)); err != nil || r.pieces != 0 {
		t.Errorf("the next picture begins with %d pieces, %v", r.pieces, err)
	}
	e.end(r)
}
