package recognize

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestOrderIsTheLibrarys(t *testing.T) {
	type pair struct{ key, place int }
	compare := func(a, b pair) int { return a.key - b.key }
	r := rand.New(rand.NewPCG(7, 7))
	for n := range 60 {
		s := make([]pair, n)
		for i := range s {
			s[i] = pair{r.IntN(1 + n/2), i}
		}
		want := slices.Clone(s)
		slices.SortStableFunc(want, compare)
		if order(s, compare); !slices.Equal(s, want) {
			t.Errorf("%d pairs: %v, want %v", n, s, want)
		}
	}
}
