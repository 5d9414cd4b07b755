package camera

import "strings"

// Lens is one video input as enumerateDevices lists it after the camera was allowed.
type Lens struct{ ID, Label string }

// Best returns the index of the lens to use for a card at reading distance, or -1 to stay with the one in use.
//
// "environment" alone picks the ultra-wide lens on some phones, which can't focus nearer than a metre (WebKit bug
// 253186; blinkid-in-browser#96). On iOS the virtual dual camera changes lenses by itself; on Android the first rear
// camera is the main one. Labels are localized, so anything not understood is left alone.
func Best(lenses []Lens, current string) int {
	inUse, best, bestScore := -1, -1, 0
	for i, l := range lenses {
		if l.ID == current {
			inUse = i
		}
		if s := score(l.Label); s > bestScore {
			best, bestScore = i, s
		}
	}
	if inUse >= 0 && score(lenses[inUse].Label) >= bestScore {
		return -1
	}
	return best
}

// lower returns a label in lower case, as far as it is ASCII: all words below are, and tables of all other letters weigh more
// than this package.
func lower(label string) string {
	b := []byte(label)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// score is positive for rear lenses: the higher, the better for close-ups.
func score(label string) int {
	l := lower(label)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(l, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("front", "user", "facetime", "virtual", "ir camera"):
		return 0
	case has("back dual wide", "back triple"):
		return 5
	case has("camera2 0,", "back dual"):
		return 4
	case !has("back", "rear", "environment"): // "tele" alone is in other languages' names, too, whose main lens is not known
		return 0
	case has("ultra", "tele"):
		return 1
	}
	return 3
}
