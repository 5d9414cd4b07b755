package main

import (
	"math/rand/v2"

	"ocrbankcard/internal/synth"
)

// drawLines returns a shard of strips, each with a line drawn by itself.
func drawLines(r *rand.Rand, faces *synth.Faces, count int) shard {
	var out []byte
	for range count {
		s := synth.Strip(r, synth.StripOptions{Faces: faces})
		out = lineRecord(s).append(out)
	}
	return shard{"lines": out}
}

func lineRecord(s synth.StripSample) *stripRecord {
	rec := &stripRecord{pixels: s.Pix, style: uint8(s.Style)}
	for _, g := range s.Glyphs {
		rec.digits = append(rec.digits, stripDigit{digit: g.Digit, x: g.X, readable: g.Readable})
	}
	return rec
}
