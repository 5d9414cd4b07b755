package ids

import (
	"regexp"
	"testing"
	"time"
)

func TestFormsAndUniqueness(t *testing.T) {
	request := regexp.MustCompile(`^1470378968,[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	image := regexp.MustCompile(`^[A-Za-z0-9+/]{22}==$`)
	seen := map[string]bool{}
	for range 1000 {
		r, i := Request(time.Unix(1470378968, 0)), Image()
		if !request.MatchString(r) || !image.MatchString(i) || seen[r] || seen[i] {
			t.Fatalf("%q %q", r, i)
		}
		seen[r], seen[i] = true, true
	}
}
