package recognize

// Mirror: of a picture that need not be answered within a frame's time, the locator sees the mirror images, too. Its errors
// on one are not those on another, so the mean of its answers is right more often. A card mirrored is still a card's
// shape; nothing is read mirrored.

import (
	"slices"

	"ocrbankcard/internal/neural"
)

// images is how many there are: the picture itself, mirrored left to right, upside down, and both.
const images = 4

// consider makes the locator's answer to the input the mean of those to its mirror images: its maps, which stay where they
// are, and how sure it is of a card, which is returned. The input is mirrored in place.
func (r *run) consider(in neural.Tensor, m *maps, present float64) (float64, error) {
	answer := [3]grid{m.mask, m.corner, m.edge}
	for i := 1; i < images; i++ {
		for c := range in.Channels {
			if i == 2 {
				flipDown(in.Plane(c), in.Width)
			} else {
				flipAcross(in.Plane(c), in.Width)
			}
		}
		out, err := r.engine.locator.Run(&r.arena, in)
		if err != nil {
			return 0, err
		}
		present += float64(out[1].Data[0])
		for c, g := range answer {
			p := out[0].Plane(c)
			if i <= 2 {
				flipAcross(p, g.w)
			}
			if i >= 2 {
				flipDown(p, g.w)
			}
			for k := range g.v {
				g.v[k] += p[k]
			}
		}
	}
	for _, g := range answer {
		for k := range g.v {
			g.v[k] /= images
		}
	}
	return present / images, nil
}

// flipAcross mirrors a plane of rows of width w left to right.
func flipAcross(v []float32, w int) {
	for y := 0; y+w <= len(v); y += w {
		slices.Reverse(v[y : y+w])
	}
}

// flipDown turns a plane of rows of width w upside down.
func flipDown(v []float32, w int) {
	slices.Reverse(v)
	flipAcross(v, w)
}
