package train

import (
	"math"
	"math/rand/v2"
	"testing"

	"ocrbankcard/internal/neural"
	"ocrbankcard/internal/recognize/weights"
	"ocrbankcard/internal/synth"
)

func TestTheCommittedWeightsAreSmall(t *testing.T) {
	if len(weights.Data) > 450_000 {
		t.Errorf("the weight file has %d bytes, more than 450,000", len(weights.Data))
	}
}

// The committed reader, run by the engine's own kernels on plain drawings, must read them: the file, its format and
// the normalisation that nets.py asks for belong together.
func TestCommittedReaderReadsPlainStrips(t *testing.T) {
	model, err := neural.Parse(weights.Data)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := model.Net("reader", 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(20, 7))
	right, asked := 0, 0
	var arena neural.Arena
	for asked < 60 {
		s := synth.Strip(r, synth.StripOptions{Clean: true, Negative: -1})
		want, clear := digits(s)
		if !clear {
			continue
		}
		asked++
		arena.Reset()
		out, err := reader.Run(&arena, normalised(&arena, s.Pix))
		if err != nil {
			t.Fatal(err)
		}
		if greedy(out[0]) == want {
			right++
		}
	}
	if right < asked*7/10 { // without the layout decoder, in every face that a card may have
		t.Errorf("read %d of %d plain strips", right, asked)
	}
}

// digits returns a strip's digits, and whether all of them can be read.
func digits(s synth.StripSample) (text string, clear bool) {
	clear = len(s.Glyphs) > 0
	for _, g := range s.Glyphs {
		text += string(rune('0' + g.Digit))
		clear = clear && g.Readable
	}
	return text, clear
}

// normalised is normalise_strip of nets.py.
func normalised(a *neural.Arena, pix []uint8) neural.Tensor {
	var sum, squares float64
	for _, p := range pix {
		v := float64(p) / 255
		sum, squares = sum+v, squares+v*v
	}
	n := float64(len(pix))
	mean := sum / n
	deviation := math.Sqrt(math.Max(squares/n-mean*mean, 0))
	x := a.Tensor(1, synth.StripHeight, synth.StripWidth)
	for i, p := range pix {
		x.Data[i] = float32((float64(p)/255 - mean) / (deviation + 0.02))
	}
	return x
}

// greedy takes the best class of each column; equal neighbours are one digit.
func greedy(scores neural.Tensor) (text string) {
	before := 0
	for x := range scores.Width {
		best := 0
		for class := 1; class < scores.Channels; class++ {
			if scores.Plane(class)[x] > scores.Plane(best)[x] {
				best = class
			}
		}
		if best != 0 && best != before {
			text += string(rune('0' + best - 1))
		}
		before = best
	}
	return text
}
