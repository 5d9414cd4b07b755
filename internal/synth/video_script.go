// Scripts of videos: what the card, the hand and the light do over time.

package synth

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// key is the state of a video at a time; between two keys everything but the card changes smoothly.
type key struct {
	at    float64 // seconds
	card  int     // which of the video's cards, noCard for none
	x, y  float64 // the card's centre off the frame's, in frame widths and heights
	fill  float64 // the larger of the card's extents over the frame's
	roll  float64 // degrees
	tilt  float64 // degrees, about an axis that leans to the right
	shake float64 // how far the hand trembles, in frame widths
	light float64 // exposure, 1 is right
	glare float64 // strength of the lamp that the card mirrors
	defoc float64 // the lens out of focus, pixels for each 640 of the frame's width
}

const noCard = -1

// scripts are the videos by name; the last key ends the video.
var scripts = map[string][]key{
	// An empty frame, a card that comes in from below, shakes and settles.
	"settle": {
		{at: 0, card: noCard, light: 1},
		{at: 0.5, card: 0, y: 1.2, fill: 0.7, roll: -14, light: 1, shake: 0.01},
		{at: 1.1, card: 0, y: 0.1, fill: 0.72, roll: -8, tilt: 14, light: 1, shake: 0.03},
		{at: 2.0, card: 0, x: 0.03, fill: 0.78, roll: 4, tilt: 8, light: 1, shake: 0.025},
		{at: 2.5, card: 0, fill: 0.82, roll: 2, tilt: 5, light: 1},
		{at: 6, card: 0, fill: 0.82, roll: 2, tilt: 5, light: 1},
	},
	// A card that is never still.
	"restless": {
		{at: 0, card: 0, x: -0.1, fill: 0.6, roll: -20, tilt: 10, light: 1, shake: 0.06},
		{at: 1.5, card: 0, x: 0.12, y: 0.06, fill: 0.8, roll: 15, tilt: 25, light: 1, shake: 0.06},
		{at: 3, card: 0, x: -0.08, y: -0.05, fill: 0.55, roll: 5, tilt: 5, light: 1, shake: 0.06},
		{at: 4.5, card: 0, x: -0.1, fill: 0.6, roll: -20, tilt: 10, light: 1, shake: 0.06},
	},
	// A room too dark to read in.
	"dark": {
		{at: 0, card: 0, fill: 0.8, roll: 3, tilt: 6, light: 0.02},
		{at: 4, card: 0, fill: 0.8, roll: 3, tilt: 6, light: 0.02},
	},
	// A lamp mirrored in the digits, until the card is tilted away.
	"glare": {
		{at: 0, card: 0, fill: 0.8, roll: 2, tilt: 4, light: 1, glare: 1},
		{at: 3, card: 0, fill: 0.8, roll: 2, tilt: 4, light: 1, glare: 1},
		{at: 3.6, card: 0, fill: 0.8, roll: 2, tilt: 26, light: 1, glare: 1},
		{at: 6, card: 0, fill: 0.8, roll: 2, tilt: 26, light: 1, glare: 1},
	},
	// A card of which the frame shows only a part.
	"cutoff": {
		{at: 0, card: 0, x: 0.42, y: 0.1, fill: 0.85, roll: -4, tilt: 6, light: 1},
		{at: 4, card: 0, x: 0.42, y: 0.1, fill: 0.85, roll: -4, tilt: 6, light: 1},
	},
	// A table and nothing on it.
	"empty": {
		{at: 0, card: noCard, light: 1},
		{at: 4, card: noCard, light: 1},
	},
	// A card far away that comes near.
	"far": {
		{at: 0, card: 0, fill: 0.22, roll: -3, tilt: 5, light: 1},
		{at: 2.5, card: 0, fill: 0.22, roll: -3, tilt: 5, light: 1},
		{at: 3.2, card: 0, fill: 0.8, roll: -3, tilt: 5, light: 1},
		{at: 6, card: 0, fill: 0.8, roll: -3, tilt: 5, light: 1},
	},
	// A lens that finds its focus late.
	"blurred": {
		{at: 0, card: 0, fill: 0.8, roll: 3, tilt: 5, light: 1, defoc: 6},
		{at: 2.5, card: 0, fill: 0.8, roll: 3, tilt: 5, light: 1, defoc: 6},
		{at: 3, card: 0, fill: 0.8, roll: 3, tilt: 5, light: 1},
		{at: 6, card: 0, fill: 0.8, roll: 3, tilt: 5, light: 1},
	},
	// One card, then another.
	"two": {
		{at: 0, card: 0, fill: 0.8, roll: 3, tilt: 6, light: 1},
		{at: 3.5, card: 0, fill: 0.8, roll: 3, tilt: 6, light: 1},
		{at: 4, card: 0, y: -1.4, fill: 0.8, roll: 30, tilt: 6, light: 1},
		{at: 4.05, card: noCard, light: 1},
		{at: 4.6, card: 1, y: 1.4, fill: 0.75, roll: -10, tilt: 10, light: 1},
		{at: 5.2, card: 1, fill: 0.8, roll: -2, tilt: 8, light: 1},
		{at: 9, card: 1, fill: 0.8, roll: -2, tilt: 8, light: 1},
	},
}

// VideoScripts returns the names of the scripts that NewVideo knows.
func VideoScripts() []string { return slices.Sorted(maps.Keys(scripts)) }

// script returns the keys of a name.
func script(name string) ([]key, error) {
	keys, ok := scripts[name]
	if !ok {
		return nil, fmt.Errorf("synth: no video script is called %q; there are %v", name, VideoScripts())
	}
	return keys, nil
}

// stateAt interpolates the keys at time t, easing in and out, and adds the tremor of the hand.
func stateAt(keys []key, t float64) key {
	i := 0
	for i+2 < len(keys) && keys[i+1].at <= t {
		i++
	}
	a, b := keys[i], keys[i+1]
	u := math.Min(math.Max((t-a.at)/(b.at-a.at), 0), 1)
	u = u * u * (3 - 2*u)
	if a.card == noCard || b.card == noCard {
		return a
	}
	mix := func(p, q float64) float64 { return p + (q-p)*u }
	k := key{at: t, card: a.card, x: mix(a.x, b.x), y: mix(a.y, b.y), fill: mix(a.fill, b.fill), roll: mix(a.roll, b.roll),
		tilt: mix(a.tilt, b.tilt), shake: mix(a.shake, b.shake), light: mix(a.light, b.light),
		glare: mix(a.glare, b.glare), defoc: mix(a.defoc, b.defoc)}
	tremor := k.shake + 0.0006 // nobody's hand is quite still
	k.x += tremor * (math.Sin(t*23) + 0.5*math.Sin(t*41+1))
	k.y += tremor * (math.Sin(t*19+2) + 0.5*math.Sin(t*37))
	k.roll += tremor * 60 * math.Sin(t*17+0.5)
	return k
}
