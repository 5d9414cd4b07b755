package neural

import "math"

// Exp returns e^x within 2 units in the last place, the same on every machine: infinity above about 88.7, zero
// below about −104.
//
// x = n·ln 2 + r with |r| ≤ ½ ln 2, then e^x = 2ⁿ·e^r with e^r from its Taylor series (Abramowitz and Stegun 4.2.1) to
// r⁷/7!, whose remainder lies below 1e-8. ln 2 is held in two parts so that n·ln2High is exact (Cody and Waite, 1980).
func Exp(x float32) float32 {
	const (
		ln2High = 0.693359375
		ln2Low  = -2.12194440e-4
	)
	switch {
	case x != x:
		return x
	case x > 88.72283:
		return float32(math.Inf(1))
	case x < -104:
		return 0
	}
	n := float32(math.Floor(float64(float32(x*(1/math.Ln2)) + 0.5)))
	r := x - float32(n*ln2High)
	r -= float32(n * ln2Low)
	p := float32(1.0 / 5040)
	for _, c := range [...]float32{1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1} {
		p = float32(p*r) + c
	}
	return float32(float64(p) * math.Float64frombits(uint64(1023+int(n))<<52))
}

// Logistic returns 1/(1+e^−x), the same on every machine.
func Logistic(x float32) float32 { return 1 / (1 + Exp(-x)) }

func logisticGo(dst, src []float32) {
	for i, x := range src[:len(dst)] {
		dst[i] = Logistic(x)
	}
}
