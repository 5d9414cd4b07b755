package recognize

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The fast loops mark and take the same cells as their twins, in the same order.
func TestFloodIsItsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		w, h := 1+r.IntN(30), 1+r.IntN(30)
		level, v := r.Float32(), make([]float32, w*h)
		for i := range v {
			v[i] = r.Float32()
		}
		v[r.IntN(w*h)] = level // does not exceed it
		mark, twin := make([]bool, w*h), make([]bool, w*h)
		markAbove(mark, v, level)
		if markGo(twin, v, level); !slices.Equal(mark, twin) {
			t.Fatalf("%d × %d: %v, want %v", w, h, mark, twin)
		}
		got, want := make([]int32, w*h), make([]int32, w*h)
		for from, n := 0, 1; n > 0; from = int(got[0]) + 1 {
			n = flood(got, mark, w, from)
			if m := floodGo(want, twin, w, from); n != m || !slices.Equal(got[:n], want[:m]) || !slices.Equal(mark, twin) {
				t.Fatalf("%d × %d from %d: %v, want %v", w, h, from, got[:n], want[:m])
			}
		}
	}
}
