package recognize

// Mirror: of a picture that need not be answered within a frame's time, the locator sees the mirror images, too. Its errors
// on one are not those on another, so the mean of its answers is right more often. A card mirrored is still a card's
// shape; no number is told of one.

import (
	"slices"

	"ocrbankcard/internal/neural"
)

// images is how many there are: the picture itself, mirrored left to right, upside down, and both.
const images = 4

// glimpse is the locator's answer to one image, as the picture itself lies.
type glimpse struct {
	maps    [3][locatorSize / cellSize * locatorSize / cellSize]float32 // mask, corner, edge
	present float64                                                     // how sure it is of a card
}

// grid is a map of the answer: mask, corner, edge.
func (g *glimpse) grid(i int) grid {
	return grid{g.maps[i][:], locatorSize / cellSize, locatorSize / cellSize}
}

// answer returns what the locator says of the input, and of its mirror images where there is time, in memory that serves the
// next call, too.
func (r *run) answer(in neural.Tensor) *glimpse {
	if r.patient {
		return r.consider(in)
	}
	g := &r.glimpses[0]
	r.fail(r.glimpse(g, &r.arena, in, false, false))
	return g
}

// consider returns the mean of the locator's answers to the input's mirror images.
func (r *run) consider(in neural.Tensor) *glimpse {
	r.each(images, func(a *neural.Arena, i int) error {
		return r.glimpse(&r.glimpses[i], a, in, i == 1 || i == 2, i >= 2)
	})
	mean := &r.glimpses[0]
	for i := 1; i < images; i++ {
		mean.present += r.glimpses[i].present
		for c := range mean.maps {
			for k, v := range r.glimpses[i].maps[c] {
				mean.maps[c][k] += v
			}
		}
	}
	mean.present /= images
	for c := range mean.maps {
		for k := range mean.maps[c] {
			mean.maps[c][k] /= images
		}
	}
	return mean
}

// glimpse makes g the locator's answer to the input mirrored left to right, or upside down, or both.
func (r *run) glimpse(g *glimpse, a *neural.Arena, in neural.Tensor, across, down bool) error {
	image := in
	if across || down {
		image = a.Tensor(in.Channels, in.Height, in.Width)
		copy(image.Data, in.Data)
	}
	flip := func(v []float32, width int) {
		switch {
		case across && down:
			slices.Reverse(v)
		case across:
			flipAcross(v, width)
		case down:
			flipDown(v, width)
		}
	}
	for c := range image.Channels {
		flip(image.Plane(c), image.Width)
	}
	out, err := r.engine.locator.Run(a, image)
	if err != nil {
		return err
	}
	g.present = float64(out[1].Data[0])
	for c := range g.maps {
		copy(g.maps[c][:], out[0].Plane(c))
		flip(g.maps[c][:], out[0].Width)
	}
	return nil
}

// flipAcross mirrors a plane of rows of width w left to right.
func flipAcross(v []float32, w int) {
	for y := 0; y+w <= len(v); y += w {
		slices.Reverse(v[y : y+w])
	}
}

// flipDown turns a plane of rows of width w, locatorSize at most, upside down.
func flipDown(v []float32, w int) {
	var swapped [locatorSize]float32
	for low, high := 0, len(v)-w; low < high; low, high = low+w, high-w {
		n := copy(swapped[:], v[low:low+w])
		copy(v[low:low+w], v[high:high+w])
		copy(v[high:high+w], swapped[:n])
	}
}
