// Printed matter: pages, lists, screens and covers, as rasters drawn once from fixed seeds and then recoloured.

package synth

import "math/rand/v2"

// printedTexture covers a thing of w × h millimetres with printed matter in its base colour.
func printedTexture(r *rand.Rand, base tint, w, h float64) texture {
	return paperTexture(r, base)
}
