package recognize

import "testing"

// Of a line of which but a part is marked the whole number is read, whichever part that is.
func TestALineMarkedInPart(t *testing.T) {
	for _, file := range []string{"row19.jpg", "embossed16.jpg", "scan16.png"} {
		r, v, d := firstDirection(t, file)
		whole := d.lines[0]
		want := string(r.readLine(v, whole).digits)
		if len(want) < 16 {
			t.Fatalf("%s: %d digits are read on the whole line", file, len(want))
		}
		for _, part := range [][2]float64{{0, 0.5}, {0.5, 1}, {0.25, 1}, {0, 0.75}} {
			l := whole
			l.start, l.end = whole.start.Lerp(whole.end, part[0]), whole.start.Lerp(whole.end, part[1])
			if got := string(r.readLine(v, l).digits); got != want {
				t.Errorf("%s, from %v to %v of the line: %d digits, not the line's", file, part[0], part[1], len(got))
			}
		}
	}
}
