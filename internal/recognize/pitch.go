package recognize

// Pitch: how far apart the digits of a line may stand.

import "cmp"

// pitchStep is the ratio, less 1, between neighbouring pitches that are tried at first.
const pitchStep = 0.07

// pitches returns the distances between digits worth trying, in columns of the strip: around the middle one of the
// distances between neighbouring peaks, or all when there are few.
func pitches(e *evidence) []float64 {
	var steps []float64
	last, lastDigit := -1.0, -1
	for t := 0; t < columns; t++ {
		d, g := bestOf(&e.gain[t])
		if g <= 0 {
			lastDigit = -1
			continue
		}
		if d == lastDigit {
			continue
		}
		end := t
		for end+1 < columns {
			if d2, g2 := bestOf(&e.gain[end+1]); d2 != d || g2 <= 0 {
				break
			}
			end++
		}
		centre := float64(t+end+1) / 2
		if last >= 0 && centre-last > 1.5 {
			steps = append(steps, centre-last)
		}
		last, lastDigit = centre, d
	}
	var out []float64
	if len(steps) < 5 {
		for p := 2.6; p < 9; p *= 1 + pitchStep {
			out = append(out, p)
		}
		return out
	}
	order(steps, cmp.Compare[float64])
	middle := steps[len(steps)/2]
	for k := -2.0; k <= 2; k++ {
		out = append(out, middle*(1+k*pitchStep))
	}
	return out
}

func bestOf(gain *[10]float32) (digit int, g float32) {
	for d := 1; d < 10; d++ {
		if gain[d] > gain[digit] {
			digit = d
		}
	}
	return digit, gain[digit]
}
