package recognize

import "testing"

// The reader finds a number by itself, whichever way up the card is; and reads none on a card without one.
func TestASweepNeedsNoMarks(t *testing.T) {
	for file, want := range map[string]string{"flat16.jpg": "5555555555554444", "blank.jpg": ""} {
		r, v := seenCard(t, file)
		for turn := range 2 {
			v.quad = v.quad.Roll(2)
			read := ""
			for _, one := range r.sweep(v, v.quad, 1, nil) {
				if limit := float64(len(v.digits[0].v)); one.strength < 0 || one.strength > limit || one.opposite < 0 || one.opposite > limit {
					t.Errorf("%s: %.0f and %.0f of %.0f cells are marked as digits", file, one.strength, one.opposite, limit)
				}
				if one.legible() {
					read = string(one.text.digits)
				}
			}
			if read != want {
				t.Errorf("%s, turned by %d halves: %q is read", file, turn+1, read)
			}
		}
		if found := r.sweep(v, v.quad, worthSweeping-0.01, nil); len(found) > 0 {
			t.Errorf("%s: swept without a sure outline", file)
		}
	}
}
