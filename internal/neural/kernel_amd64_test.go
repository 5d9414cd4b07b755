package neural

import "testing"

// The kernels that this processor would pass over for a better one are held to the plain loops, too.
func TestLesserKernelsAreTheirPlainTwin(t *testing.T) {
	avx2, vnni := hasAVX2, hasVNNI
	defer func() { hasAVX2, hasVNNI = avx2, vnni }()
	if !vnni {
		t.Log("this processor has no AVX-512 with VNNI: that kernel is not tested")
	}
	hasVNNI = false
	t.Run("AVX2", TestSweepIsItsPlainTwinBitForBit)
	hasAVX2 = false
	t.Run("none", TestSweepIsItsPlainTwinBitForBit)
}
