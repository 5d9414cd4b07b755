package recognize

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The fast flood takes the same cells as its twin, in the same order.
func TestFloodIsItsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		w, h := 1+r.IntN(30), 1+r.IntN(30)
		mark := make([]bool, w*h)
		for i := range mark {
			mark[i] = r.IntN(3) > 0
		}
		seed := r.IntN(w * h)
		mark[seed] = true
		twin, got, want := slices.Clone(mark), make([]int32, w*h), make([]int32, w*h)
		got[0], want[0] = int32(seed), int32(seed)
		n := flood(got, mark, w)
		if m := floodGo(want, twin, w); n != m || !slices.Equal(got[:n], want[:m]) || !slices.Equal(mark, twin) {
			t.Fatalf("%d × %d from %d: %v, want %v", w, h, seed, got[:n], want[:m])
		}
	}
}
