package neural

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestEveryLengthIsStandardisedAsByItsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	for n := range 40 {
		v, inside := randomFloats(r, n), make([]float32, n)
		for i := range inside {
			inside[i] = float32(r.IntN(2))
		}
		want := slices.Clone(v)
		standardiseGo(want, inside, 0.3, 1.7)
		if Standardise(v, inside, 0.3, 1.7); !slices.Equal(v, want) {
			t.Fatalf("%d values: %v, want %v", n, v, want)
		}
	}
}
