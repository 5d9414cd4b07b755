package frame

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Every fast loop agrees with its plain twin to the bit, of all lengths about a vector's.

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestShrinkWidensAllSamplesAsItsTwin(t *testing.T) {
	for _, chroma := range []bool{false, true} {
		all := make([]byte, 256+7)
		for i := range all {
			all[i] = byte(i)
		}
		want := slices.Clone(all)
		widenGo(want, chroma)
		if widen(all, chroma); !slices.Equal(all, want) {
			t.Errorf("chroma %v: %v, want %v", chroma, all, want)
		}
	}
}

func TestShrinkResamplesAsItsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := 1; n < 60; n++ {
		stride, rows := n+r.IntN(9), 1+r.IntN(6)
		src := randomBytes(r, rows*stride)
		c := cover{first: 2, last: int32(1 + rows), begin: r.Float32(), finish: r.Float32(), inverse: r.Float32()}
		got, want := make([]float32, n), make([]float32, n)
		coverRows(got, src, stride, c)
		if coverRowsGo(want, src, stride, c); !slices.Equal(got, want) {
			t.Fatalf("%d sums over %d rows: %v, want %v", n, rows, got, want)
		}
		sums, w := got, 1+r.IntN(n)
		columns, blends := make([]cover, w), make([]blend, w)
		for x := range w {
			columns[x] = coverOf(float64(x*n)/float64(w), float64((x+1)*n)/float64(w), n)
			blends[x] = blendOf(float64(x)+r.Float64(), n)
		}
		got, want = make([]float32, w), make([]float32, w)
		coverMeans(got, sums, columns, c.inverse)
		if coverMeansGo(want, sums, columns, c.inverse); !slices.Equal(got, want) {
			t.Fatalf("%d means of %d: %v, want %v", w, n, got, want)
		}
		blendRow(got, src, src[(rows-1)*stride:], blends, c.begin)
		if blendRowGo(want, src, src[(rows-1)*stride:], blends, c.begin); !slices.Equal(got, want) {
			t.Fatalf("%d blends of %d: %v, want %v", w, n, got, want)
		}
	}
}

func TestEdgesAreScannedAsByTheirTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, step := range []int{1, 2, 3, 17} {
		for n := range 40 {
			line := randomBytes(r, 1+n*step)
			var got, want edges
			got.scan(line, step)
			if want.scanGo(line, step); got != want {
				t.Fatalf("%d samples %d apart: %+v, want %+v", n, step, got, want)
			}
		}
	}
}
