package neural

import (
	"encoding/binary"
	"math"
)

// Weights are stored by an adaptive binary arithmetic coder: a byte is eight decisions down a tree, the highest bit first,
// and each node of the tree keeps the probability of a 1 that it has seen so far. int8 weights take about 7 bits so, those
// rounded to 7 bits about 6.2, which is their entropy.

// odds is the probability of a 1 in 65536ths, as the mean of one that follows fast and one that remembers long.
type odds struct{ fast, slow uint16 }

const (
	evenOdds   = 1 << 15
	fastShift  = 5
	slowShift  = 8
	floatBytes = 4
)

// tree holds the odds of a byte's bits by the bits before; node 1 is the first.
type tree [256]odds

func (t *tree) reset() {
	for i := range t {
		t[i] = odds{evenOdds, evenOdds}
	}
}

// unpacker takes bytes from a packed stream; once it runs out, short is set and what comes is meaningless.
type unpacker struct {
	low, high, code uint32 // the interval that is left, and where in it the stream points
	rest            []byte
	short           bool
	weight          tree
	scale, bias     [floatBytes]tree // by the byte's place in its float
}

func newUnpacker(stream []byte) *unpacker {
	u := &unpacker{high: math.MaxUint32, rest: stream}
	u.weight.reset()
	for i := range floatBytes {
		u.scale[i].reset()
		u.bias[i].reset()
	}
	for range 4 {
		u.code = u.code<<8 | u.more()
	}
	return u
}

func (u *unpacker) more() uint32 {
	if len(u.rest) == 0 {
		u.short = true
		return 0
	}
	b := u.rest[0]
	u.rest = u.rest[1:]
	return uint32(b)
}

// next returns a byte, whose bits are foretold by t.
func (u *unpacker) next(t *tree) byte {
	low, high, code := u.low, u.high, u.code
	node := 1
	for node < len(t) {
		o := &t[node]
		p, size := (uint32(o.fast)+uint32(o.slow))/2, high-low
		middle := low + size>>16*p + size&0xffff*p>>16
		node *= 2
		if code <= middle {
			high = middle
			o.fast += (-o.fast) >> fastShift // what is missing to 65536, which is one more than fits
			o.slow += (-o.slow) >> slowShift
			node++
		} else {
			low = middle + 1
			o.fast -= o.fast >> fastShift
			o.slow -= o.slow >> slowShift
		}
		for low>>24 == high>>24 {
			low, high, code = low<<8, high<<8|0xff, code<<8|u.more()
		}
	}
	u.low, u.high, u.code = low, high, code
	return byte(node)
}

func (u *unpacker) floats(n int, place *[floatBytes]tree) []float32 {
	s := make([]float32, n)
	for i := range s {
		var b [floatBytes]byte
		for k := range b {
			b[k] = u.next(&place[k])
		}
		s[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[:]))
	}
	return s
}

// fill takes the convolution's weights and biases from the stream.
func (u *unpacker) fill(c *Conv) error {
	scales, bias := u.floats(c.Out, &u.scale), u.floats(c.Out, &u.bias)
	weights := make([]int8, c.size())
	for i := range weights {
		weights[i] = int8(u.next(&u.weight))
		if u.short {
			return errShort
		}
	}
	if !finite(bias) || !finite(scales) {
		return FormatError("a scale or bias that is no number")
	}
	c.pack(weights, scales, bias)
	return nil
}
