package synth

import "testing"

// Every texture must give finite light without a negative value, near and far.
func TestTexturesGiveLight(t *testing.T) {
	xs, ys := make([]float32, 64), make([]float32, 64)
	for i := range xs {
		xs[i], ys[i] = float32(i*i)-900, 700-float32(3*i)
	}
	out := make([]float32, 3*len(xs))
	for seed := range uint64(80) {
		tex := anyTexture(sceneSeed(seed))
		for _, foot := range []float32{0.02, 0.5, 20} {
			tex.shade(out, xs, ys, foot)
			for i, v := range out {
				if !(v >= 0 && v < 10) {
					t.Fatalf("texture %d (%T) gives %v at (%v, %v)", seed, tex, v, xs[i/3], ys[i/3])
				}
			}
		}
	}
}

// Noise tiles repeat without a seam and use their whole range.
func TestTilesRepeat(t *testing.T) {
	for name, tile := range map[string]*noiseTile{"cloud": cloudTile(), "grain": grainTile(), "vein": veinTile(), "cell": cellTile()} {
		for _, u := range []float32{0.3, 17.8, 400.1} {
			if a, b := tile.at(u, 5.5), tile.at(u-tileSize, 5.5+tileSize); abs32(a-b) > 1e-3 {
				t.Errorf("%s: %v and %v one period on", name, a, b)
			}
		}
		low, high := 0, 0
		for _, v := range tile {
			if v < 0.1 {
				low++
			}
			if v > 0.9 {
				high++
			}
		}
		if low < 100 || high < 100 {
			t.Errorf("%s: %d texels near 0, %d near 1", name, low, high)
		}
	}
}
