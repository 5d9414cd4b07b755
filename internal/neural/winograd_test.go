package neural

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// withTiles runs f where tiles pay, or don't, whatever is the faster here.
func withTiles(pay bool, f func()) {
	defer func(before bool) { tilesPay = before }(tilesPay)
	tilesPay = pay
	f()
}

// Bit for bit the definition, which knows of no tiles, and on used memory too.
func TestTilesAreTheDefinition(t *testing.T) {
	for _, pay := range []bool{true, false} {
		withTiles(pay, func() {
			t.Run("any", TestConvIsItsDefinitionBitForBit)
			t.Run("used", TestConvInUsedMemory)
			t.Run("network", TestParseAndRunAgreeWithThePythonTwin)
		})
	}
}

// Nothing overflows, whatever the signs of the heaviest weights and of the largest samples.
func TestNoTileOverflows(t *testing.T) {
	r := rand.New(rand.NewPCG(29, 29))
	withTiles(true, func() {
		for range 200 {
			c := Conv{In: 1 + r.IntN(70), Out: 4, KernelH: 1 + r.IntN(8), KernelW: 3, StrideY: 1, StrideX: 1}
			c.PadY = c.KernelH / 2
			weights := make([]int8, c.size())
			for i := range weights {
				weights[i] = []int8{-128, 127}[r.IntN(2)]
			}
			scales, bias := []float32{1, 1, 1, 1}, make([]float32, 4)
			conv := newConv(t, c, weights, scales, bias)
			x := newTensor(c.In, 3, 3+r.IntN(20))
			for i := range x.Data { // most of them such as make the first channel's sums the largest
				x.Data[i] = []float32{-1, 1}[r.IntN(2)]
				if w := weights[i/(3*x.Width)*c.KernelH*3+i%3]; r.IntN(4) > 0 {
					x.Data[i] = float32(math.Copysign(1, float64(w)))
				}
			}
			sameBits(t, "conv", conv.Apply(&Arena{}, x), slowConv(&c, weights, scales, bias, x))
		}
	})
}

func TestTileRowsAreTheirPlainTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(28, 28))
	for range 300 {
		rows, half := r.IntN(4), 1+r.IntN(30)
		part := rows*half + r.IntN(9)
		src := randomPairs(r, rows*(2*half+2))
		got, want := make([]int32, tileParts*part), make([]int32, tileParts*part)
		tileRows(got, part, src, rows, half)
		tileRowsGo(want, part, src, rows, half)
		if !slices.Equal(got, want) {
			t.Fatalf("%d rows of %d tiles: %v, want %v", rows, half, got, want)
		}
	}
}
