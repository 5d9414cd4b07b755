package fit

import (
	"errors"
	"math"

	"ocrbankcard/internal/cardpp"
)

// ErrTooLarge says that no quality and no size within reach brought the file under the limit.
var ErrTooLarge = errors.New("fit: the picture can't be made small enough")

const (
	bestQuality  = 0.88 // beyond it a JPEG grows much and shows little
	worstQuality = 0.55 // below it ringing eats thin digits: fewer pixels are better than a worse code
	maxEncodes   = 7
)

// Encoder encodes the crop at its output size and a JPEG quality from 0 to 1, and returns the file's bytes.
type Encoder func(c Crop, quality float64) (bytes int, err error)

// Search calls encode until a file fits the contract's 2 MiB: the best quality first, then the one that the sizes so
// far foretell, then fewer pixels. The last call made is the one that fits; its crop is returned.
func Search(c Crop, encode Encoder) (Crop, error) {
	quality := bestQuality
	for range maxEncodes {
		size, err := encode(c, quality)
		if err != nil {
			return Crop{}, err
		}
		if size <= cardpp.MaxFileBytes {
			return c, nil
		}
		excess := float64(size) / cardpp.MaxFileBytes
		if lower := qualityFor(quality, excess); quality > worstQuality && lower >= worstQuality {
			quality = lower
			continue
		}
		quality = worstQuality
		// A JPEG's size follows its area; 5 % below the aim makes a second round rare.
		k := math.Sqrt(0.95/excess) * float64(c.OutW) / float64(c.W)
		if c, err = c.times(k); err != nil {
			return Crop{}, ErrTooLarge
		}
	}
	return Crop{}, ErrTooLarge
}

// qualityFor foretells the quality that makes a file smaller by the given factor. Between 0.55 and 0.9 a JPEG's size is
// close to (1−q)^−0.7 (measured over card scenes encoded by Chromium); 0.02 below the aim for safety.
func qualityFor(quality, excess float64) float64 {
	return 1 - (1-quality)*math.Pow(excess, 1/0.7) - 0.02
}
