package frame

// Focus: how sharp the print of a card is, told from the width of its edges.

import (
	"math"

	"ocrbankcard/internal/geometry"
)

const (
	// edgeReach is the distance in pixels over which an edge's height is taken.
	edgeReach = 4
	// edgeHeight is the least height of an edge that counts, in luma, and edgeOverNoise in deviations of the noise.
	edgeHeight, edgeOverNoise = 20, 6
	// edgeShare is the share of all pixels that the highest edges are taken from, and leastEdges how many there must be.
	edgeShare  = 0.03
	leastEdges = 40
	// An edge's steepest step is between a quarter of its height (blurred over edgeReach or more) and all of it. What
	// cameras call sharp is half of it.
	blurredStep, sharpStep = 0.27, 0.5
	// focusLength is the least length of a card that Shrinker.Focus divides a larger one down to.
	focusLength = 512
	// focusLines is about how many rows, and how many columns, are looked at.
	focusLines = 96
)

// Focus returns the sharpness of the print within the convex quad q of p, from 0 (blurred over four pixels or more) to
// 1 (as sharp as a camera's pixels get), and 0 where there are too few edges to tell.
//
// It measures the width of edges, as Marziliano et al. do (A no-reference perceptual blur metric, ICIP 2002), and so
// does not depend on contrast: of each place where luma rises or falls far within edgeReach pixels, the share of that
// height that its steepest step makes up. Of that step, what noise adds to it on average is taken off. Rows and columns are judged apart and the worse of them counts, since motion
// blurs in one direction only. The card should be 500 to 1000 pixels long: then print is a few pixels wide.
func Focus(p Plane, q geometry.Quad) float64 {
	if p.Check() != nil {
		return 0
	}
	q = q.Grow(0.94) // the border of the card is not its print
	lo, hi := q.Bounds()
	var across, down edges
	eachSpan(p.Width, p.Height, q, step(hi.Y-lo.Y), func(y, x0, x1 int) { across.scan(p.Row(y)[x0:x1], 1) })
	turned := q
	for i, c := range q {
		turned[i] = geometry.Point{X: c.Y, Y: c.X}
	}
	eachSpan(p.Height, p.Width, turned, step(hi.X-lo.X), func(x, y0, y1 int) {
		down.scan(p.Pix[y0*p.Stride+x:(y1-1)*p.Stride+x+1], p.Stride)
	})
	a, aKnown := across.sharpness()
	d, dKnown := down.sharpness()
	switch {
	case aKnown && dKnown:
		return math.Min(a, d)
	case aKnown:
		return a
	case dKnown:
		return d
	}
	return 0
}

// step returns the distance of lines so that about focusLines of them cover extent.
func step(extent float64) int { return max(1, int(math.Min(extent/focusLines, 1<<20))) }

// edges collects places by the height of their edge: how many, and the sum of their steepest steps. The SIMD module reads
// its fields as they lie here; of the some 200 lines of a picture, each of less than 2¹⁵ samples, no sum exceeds 32 bits.
type edges struct {
	count, steps [256]int32
	// bends counts all places by how far luma bends there (its second difference), which tells the noise.
	bends [256]int32
	total int32
}

// scanGo looks at a line of samples that are step apart.
func (e *edges) scanGo(line []byte, step int) {
	far := edgeReach * step
	for i := 0; i+far < len(line); i += step {
		first, last := int(line[i]), int(line[i+far])
		bend := first - 2*int(line[i+step]) + int(line[i+2*step])
		e.bends[min(max(bend, -bend), 255)]++
		e.total++
		height := max(last-first, first-last)
		if height < edgeHeight {
			continue
		}
		steepest := 0
		for j := i; j < i+far; j += step {
			s := int(line[j+step]) - int(line[j])
			if last < first {
				s = -s
			}
			steepest = max(steepest, s)
		}
		e.count[height]++
		e.steps[height] += int32(min(steepest, height))
	}
}

// sharpness judges the highest edges; it is not known where these are too few.
func (e *edges) sharpness() (value float64, known bool) {
	noise := e.noise()
	least := max(edgeHeight, int(edgeOverNoise*noise))
	wanted := max(leastEdges, int(edgeShare*float64(e.total)))
	var count int
	var sum float64
	for h := 255; h >= least && count < wanted; h-- {
		count += int(e.count[h])
		sum += (float64(e.steps[h]) - stepOfNoise*noise*float64(e.count[h])) / float64(h)
	}
	if count < leastEdges {
		return 0, false
	}
	return math.Min(math.Max((sum/float64(count)-blurredStep)/(sharpStep-blurredStep), 0), 1), true
}

// stepOfNoise is what noise of unit deviation adds to the steepest step: between 0, where one step is all of the edge,
// and 1.4, the mean of the largest of edgeReach differences of neighbours.
const stepOfNoise = 1

// noise returns the deviation of the noise: the median bend, most of the card being flat, over that of noise of unit
// deviation, which is 0.6745·√6 (as in Immerkær, Fast noise variance estimation, 1996, with a median for the mean).
func (e *edges) noise() float64 {
	below, total := 0, int(e.total)
	for bend, count := range e.bends {
		n := int(count)
		if below += n; 2*below >= total {
			// Whole numbers: the median lies somewhere within this one.
			share := float64(n-(below-total/2)) / float64(max(n, 1))
			return math.Max(float64(bend)-0.5+share, 0) / 1.652
		}
	}
	return 0
}
