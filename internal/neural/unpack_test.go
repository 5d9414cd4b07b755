package neural

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// packer is the inverse of unpacker.
type packer struct {
	low, high uint32
	out       []byte
}

func (p *packer) put(t *tree, b byte) {
	node := 1
	for k := 7; k >= 0; k-- {
		o := &t[node]
		odds, size := (uint32(o.fast)+uint32(o.slow))/2, p.high-p.low
		middle := p.low + size>>16*odds + size&0xffff*odds>>16
		bit := int(b >> k & 1)
		if bit == 1 {
			p.high = middle
			o.fast += (-o.fast) >> fastShift
			o.slow += (-o.slow) >> slowShift
		} else {
			p.low = middle + 1
			o.fast -= o.fast >> fastShift
			o.slow -= o.slow >> slowShift
		}
		node = 2*node + bit
		for p.low>>24 == p.high>>24 {
			p.out = append(p.out, byte(p.low>>24))
			p.low, p.high = p.low<<8, p.high<<8|0xff
		}
	}
}

func (p *packer) end() []byte { return binary.BigEndian.AppendUint32(p.out, p.low) }

// packed is the stream of one convolution.
func packed(scales, bias []float32, weights []int8) []byte {
	u, p := newUnpacker(nil), &packer{high: math.MaxUint32}
	for _, f := range []struct {
		values []float32
		places *[floatBytes]tree
	}{{scales, &u.scale}, {bias, &u.bias}} {
		for _, v := range f.values {
			for i, b := range binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)) {
				p.put(&f.places[i], b)
			}
		}
	}
	for _, w := range weights {
		p.put(&u.weight, byte(w))
	}
	return p.end()
}

func TestWhatIsPackedComesOutAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, draw := range map[string]func() byte{
		"any byte":     func() byte { return byte(r.Uint32()) },
		"one byte":     func() byte { return 0xff },
		"nought":       func() byte { return 0 },
		"like weights": func() byte { return byte(int8(r.NormFloat64() * 20)) },
		"two extremes": func() byte { return byte(-(r.Uint32() & 1)) },
	} {
		var data []byte
		for range 20000 {
			data = append(data, draw())
		}
		var tree tree
		tree.reset()
		p := &packer{high: math.MaxUint32}
		for _, b := range data {
			p.put(&tree, b)
		}
		u := newUnpacker(p.end())
		got := make([]byte, len(data))
		for i := range got {
			got[i] = u.next(&u.weight)
		}
		if !slices.Equal(got, data) || u.short || len(u.rest) != 0 {
			t.Errorf("%s: not the same, or %d bytes of %d are left", name, len(u.rest), len(p.out))
		}
		if name == "like weights" && len(p.out) > 20000*27/32 { // their entropy is 6.4 bits
			t.Errorf("%s: %d bytes of 20000", name, len(p.out))
		}
	}
}

func TestPackedWeightsThatDoNotSuitAreRefused(t *testing.T) {
	one, inf := []float32{1}, []float32{float32(math.Inf(1))}
	for name, c := range map[string]struct {
		stream []byte
		fine   bool
	}{
		"as it should be":     {packed(one, one, make([]int8, 9)), true},
		"a scale of infinity": {packed(inf, one, make([]int8, 9)), false},
		"a bias of infinity":  {packed(one, inf, make([]int8, 9)), false},
		"too short":           {packed(one, one, make([]int8, 9))[:5], false},
		"too long":            {append(packed(one, one, make([]int8, 9)), 0), false},
		"nothing":             {nil, false},
	} {
		n := Net{ops: []op{{kind: kindConv, conv: &Conv{In: 1, Out: 1, KernelH: 3, KernelW: 3}}}}
		if err := n.unpack(c.stream); (err == nil) != c.fine || err != nil && !errors.As(err, new(FormatError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
