// Tileable noise, drawn once from a fixed seed and then only sampled, so that a textured pixel costs one look-up.

package synth

import (
	"math"
	"math/rand/v2"
	"sync"
)

const (
	tileBits = 9
	tileSize = 1 << tileBits
	tileMask = tileSize - 1
)

// noiseTile is a periodic scalar field of tileSize² texels in [0, 1].
type noiseTile [tileSize * tileSize]float32

// at samples bilinearly at texel (u, v), of either sign.
func (t *noiseTile) at(u, v float32) float32 {
	x, y := floorInt(u), floorInt(v)
	fx, fy := u-float32(x), v-float32(y)
	p, q := t[(y&tileMask)<<tileBits:], t[((y+1)&tileMask)<<tileBits:]
	x0, x1 := x&tileMask, (x+1)&tileMask
	a, b := p[x0], q[x0]
	a += (p[x1] - a) * fx
	b += (q[x1] - b) * fx
	return a + (b-a)*fy
}

// The fields that textures are made of.
var (
	cloudTile = sync.OnceValue(func() *noiseTile { return fractalTile(1, 4, 6, 0.55, false) }) // broad clouds
	grainTile = sync.OnceValue(func() *noiseTile { return fractalTile(2, 64, 3, 0.8, false) }) // fine grain
	veinTile  = sync.OnceValue(func() *noiseTile { return fractalTile(3, 4, 5, 0.6, true) })   // thin bright ridges
	cellTile  = sync.OnceValue(func() *noiseTile { return cellularTile(4, 220) })              // pebbles, leaves
	whiteTile = sync.OnceValue(func() *noiseTile { return fractalTile(5, tileSize, 1, 1, false) })
)

// fractalTile sums octaves of periodic value noise, the first with the given number of cells a side, each next at twice
// the frequency and gain times the height. Ridged noise folds every octave about its middle (Perlin's turbulence).
func fractalTile(seed uint64, cells, octaves int, gain float64, ridged bool) *noiseTile {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	t := new(noiseTile)
	amp := 1.0
	for ; octaves > 0 && cells <= tileSize; octaves-- {
		addOctave(t, r, cells, float32(amp), ridged)
		amp *= gain
		cells *= 2
	}
	return t.normalise()
}

func addOctave(t *noiseTile, r *rand.Rand, cells int, amp float32, ridged bool) {
	grid := make([]float32, cells*cells)
	for i := range grid {
		grid[i] = r.Float32()
	}
	step := float32(cells) / tileSize
	ease := func(f float32) float32 { return f * f * (3 - 2*f) }
	for y := range tileSize {
		v := float32(y) * step
		y0 := int(v)
		fy := ease(v - float32(y0))
		p, q := grid[y0*cells:], grid[(y0+1)%cells*cells:]
		for x := range tileSize {
			u := float32(x) * step
			x0 := int(u)
			fx := ease(u - float32(x0))
			x1 := (x0 + 1) % cells
			a := p[x0] + (p[x1]-p[x0])*fx
			b := q[x0] + (q[x1]-q[x0])*fx
			n := a + (b-a)*fy
			if ridged {
				n = 1 - float32(math.Abs(float64(2*n-1)))
				n *= n
			}
			t[y<<tileBits|x] += amp * n
		}
	}
}

// cellularTile is each texel's distance to the nearest of n scattered points (Worley noise), near 0 at a cell's centre.
func cellularTile(seed uint64, n int) *noiseTile {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	t := new(noiseTile)
	for i := range t {
		t[i] = 1e9
	}
	const reach = 64
	for range n {
		px, py := r.IntN(tileSize), r.IntN(tileSize)
		for dy := -reach; dy <= reach; dy++ {
			for dx := -reach; dx <= reach; dx++ {
				i := ((py+dy)&tileMask)<<tileBits | (px+dx)&tileMask
				t[i] = min(t[i], float32(dx*dx+dy*dy))
			}
		}
	}
	for i, v := range t {
		t[i] = float32(math.Sqrt(float64(min(v, reach*reach))))
	}
	return t.normalise()
}

// normalise stretches the values so that all but the extreme half per cent lie in [0, 1], and clips those.
func (t *noiseTile) normalise() *noiseTile {
	lo, hi := t[0], t[0]
	for _, v := range t {
		lo, hi = min(lo, v), max(hi, v)
	}
	var hist [1024]int
	scale := 1023 / max(hi-lo, 1e-9)
	for _, v := range t {
		hist[int((v-lo)*scale)]++
	}
	a, b := 0, 1023
	for n := 0; n+hist[a] < len(t)/200; a++ {
		n += hist[a]
	}
	for n := 0; n+hist[b] < len(t)/200; b-- {
		n += hist[b]
	}
	base, span := lo+float32(a)/scale, float32(max(b-a, 1))/scale
	for i, v := range t {
		t[i] = max(min((v-base)/span, 1), 0)
	}
	return t
}
