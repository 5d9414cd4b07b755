package synth

import "ocrbankcard/internal/geometry"

// Readable judges the digits of a strip, StripWidth × StripHeight, that was cut from a scene, against the same strip of
// the same scene drawn without its number (CardOptions.NoNumber): which of the digits at the given places, of the given
// height in pixels, stand out from what would be there without them?
func Readable(with, without []uint8, height float64, at []geometry.Point) []bool {
	j := newJudge(stripSheet(with), stripSheet(without), height)
	out := make([]bool, len(at))
	for i, p := range at {
		out[i] = j.readable(p, height)
	}
	return out
}

func stripSheet(pix []uint8) *sheet {
	s := newSheet(StripWidth, StripHeight)
	for i, v := range pix {
		s.v[i] = float32(v)
	}
	return s
}
