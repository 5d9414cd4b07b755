package recognize

// Ways: a card is looked at upright and turned by half, and the two answers' mean is taken: the net's errors on one are not
// those on the other.

import (
	"slices"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/neural"
)

// bothWays looks at the view's quad upright and turned by half, and returns the mean of the two answers. The quad stays.
func (r *run) bothWays(v view) (view, bool) {
	var toFrame [2]geometry.Homography
	var fine [2]bool
	r.each(2, func(a *neural.Arena, i int) (err error) {
		var one view
		if one, fine[i], err = r.lookIn(a, v.quad.Roll(2*i)); fine[i] {
			toFrame[i] = one.toFrame
			r.ways[i].keep(&one, i == 1)
		}
		return err
	})
	if !fine[0] || !fine[1] {
		return v, false
	}
	mean, turned := &r.ways[0], &r.ways[1]
	for i := range mean {
		for k, x := range turned[i] {
			mean[i][k] = (mean[i][k] + x) / 2
		}
	}
	v.toFrame = toFrame[0]
	mean.show(&v)
	return v, true
}

// aspect is the card net's answer to a view, kept: the sides, the digits, the offset and the height.
type aspect [10][viewWidth / cellSize * viewHeight / cellSize]float32

// keep copies the view's maps, as they lie when the view is turned by half where that is asked for.
func (a *aspect) keep(v *view, turned bool) {
	first := 0
	if turned {
		first = 2
	}
	for i := range 4 {
		copy(a[i][:], v.sides[(i+first)%4].v)
		copy(a[4+i][:], v.digits[(i+first)%4].v)
	}
	copy(a[8][:], v.offset.v)
	copy(a[9][:], v.height.v)
	for i := range a {
		if turned {
			slices.Reverse(a[i][:])
		}
	}
}

// show makes the maps those of the view.
func (a *aspect) show(v *view) {
	at := func(i int) grid { return grid{a[i][:], viewWidth / cellSize, viewHeight / cellSize} }
	for i := range 4 {
		v.sides[i], v.digits[i] = at(i), at(4+i)
	}
	v.offset, v.height = at(8), at(9)
}
