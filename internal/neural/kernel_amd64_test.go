package neural

import "testing"

// The kernels that this processor would pass over for a better one are held to the plain loops, too.
func TestLesserKernelsAreTheirPlainTwin(t *testing.T) {
	avx, avx512 := hasAVX, hasAVX512
	defer func() { hasAVX, hasAVX512 = avx, avx512 }()
	if !avx512 {
		t.Log("this processor has no AVX-512: that kernel is not tested")
	}
	hasAVX512 = false
	t.Run("AVX", TestSweepIsItsPlainTwinBitForBit)
	hasAVX = false
	t.Run("none", TestSweepIsItsPlainTwinBitForBit)
}
