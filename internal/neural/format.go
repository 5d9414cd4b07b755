package neural

import (
	"encoding/binary"
	"hash/crc32"
	"math"
)

// The kinds of operation, as the file numbers them.
const (
	kindConv = 1 + iota
	kindMax
	kindUpsample
	kindConcat
	kindAdd
	kindMean
	kindSigmoid
	kindSoftmax
)

// What Parse accepts: far above what a card reader needs, far below what would exhaust a small machine.
const (
	maxFile     = 16 << 20
	maxOps      = 512
	maxChannels = 1024
	maxKernel   = 32
	maxSide     = 4096
	// maxFloats bounds the values of one run of a network, in floats.
	maxFloats = 32 << 20
)

const (
	magic      = "OBCW"
	version    = 1
	headerSize = 12
	flagReLU   = 1
)

// Parse reads a weight file. The error is a FormatError or an UnsupportedError.
func Parse(file []byte) (*Model, error) {
	body, count, err := parseHeader(file)
	if err != nil {
		return nil, err
	}
	r := &reader{rest: body}
	m := &Model{}
	for range count {
		n, err := parseNet(r)
		if err != nil {
			return nil, err
		}
		if m.find(n.Name) != nil {
			return nil, FormatError("two networks are named " + n.Name)
		}
		m.nets = append(m.nets, n)
	}
	if len(r.rest) != 0 {
		return nil, FormatError("bytes after the last network")
	}
	return m, nil
}

func parseHeader(file []byte) (body []byte, nets int, err error) {
	switch {
	case len(file) < headerSize || string(file[:4]) != magic:
		return nil, 0, FormatError("not a weight file")
	case binary.LittleEndian.Uint16(file[4:]) != version:
		return nil, 0, UnsupportedError("another version of the format")
	case len(file) > maxFile:
		return nil, 0, UnsupportedError("larger than 16 MiB")
	case crc32.ChecksumIEEE(file[headerSize:]) != binary.LittleEndian.Uint32(file[8:]):
		return nil, 0, FormatError("the checksum does not match")
	}
	return file[headerSize:], int(binary.LittleEndian.Uint16(file[6:])), nil
}

func parseNet(r *reader) (*Net, error) {
	n := &Net{Name: string(r.bytes(int(r.u8())))}
	n.input = shape{r.u16(), r.u16(), r.u16()}
	count := r.u16()
	if r.short {
		return nil, errShort
	}
	if n.Name == "" {
		return nil, FormatError("a network without a name")
	}
	if count > maxOps {
		return nil, UnsupportedError("too many operations in " + n.Name)
	}
	shapes := []shape{n.input}
	for range count {
		o, err := parseOp(r, shapes)
		if err != nil {
			return nil, err
		}
		n.ops = append(n.ops, o)
		s, err := o.shape(shapes)
		if err != nil {
			return nil, FormatError(n.Name + ": " + err.Error())
		}
		shapes = append(shapes, s)
	}
	for range r.u8() {
		n.outputs = append(n.outputs, r.u16())
	}
	if r.short {
		return nil, errShort
	}
	return n, n.check(shapes)
}

// check refuses outputs that do not exist and networks too large to run.
func (n *Net) check(shapes []shape) error {
	if len(n.outputs) == 0 {
		return FormatError(n.Name + " has no output")
	}
	for _, v := range n.outputs {
		if v >= len(shapes) {
			return FormatError(n.Name + " has an output that no operation makes")
		}
	}
	return checkSize(shapes)
}

// checkSize refuses shapes that are empty or, all together, beyond maxFloats.
func checkSize(shapes []shape) error {
	total := 0
	for _, s := range shapes {
		if s.channels < 1 || s.height < 1 || s.width < 1 {
			return FormatError("an empty value")
		}
		if s.channels > maxChannels || s.height > maxSide || s.width > maxSide {
			return UnsupportedError("a value is too large")
		}
		if total += s.len(); total > maxFloats {
			return UnsupportedError("the values are too large")
		}
	}
	return nil
}

func parseOp(r *reader, shapes []shape) (op, error) {
	o := op{kind: int(r.u8())}
	o.a = r.u16()
	o.b = o.a
	switch o.kind {
	case kindConv:
		if r.short || o.a >= len(shapes) {
			return op{}, errSource(r)
		}
		c, err := parseConv(r, shapes[o.a].channels)
		if err != nil {
			return op{}, err
		}
		o.conv = c
	case kindMax:
		o.height, o.width = int(r.u8()), int(r.u8())
	case kindConcat:
		o.b = r.u16()
	case kindAdd:
		o.b = r.u16()
		o.relu = r.u8()&flagReLU != 0
	case kindUpsample, kindMean, kindSigmoid, kindSoftmax:
	default:
		if r.short {
			return op{}, errShort
		}
		return op{}, UnsupportedError("an unknown kind of operation")
	}
	if r.short || o.a >= len(shapes) || o.b >= len(shapes) {
		return op{}, errSource(r)
	}
	return o, nil
}

func parseConv(r *reader, in int) (*Conv, error) {
	c := &Conv{In: in, Out: r.u16()}
	c.KernelH, c.KernelW = int(r.u8()), int(r.u8())
	c.StrideY, c.StrideX = int(r.u8()), int(r.u8())
	c.PadY, c.PadX = int(r.u8()), int(r.u8())
	flags := r.u8()
	c.ReLU = flags&flagReLU != 0
	if r.short {
		return nil, errShort
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if flags&^flagReLU != 0 {
		return nil, UnsupportedError("an unknown flag of a convolution")
	}
	scales, bias := r.floats(c.Out), r.floats(c.Out)
	quantised := r.bytes(c.Out * c.In * c.KernelH * c.KernelW)
	if r.short {
		return nil, errShort
	}
	weights := make([]float32, len(quantised))
	each := len(quantised) / c.Out
	for i, q := range quantised {
		weights[i] = float32(int8(q)) * scales[i/each]
	}
	if !finite(weights) || !finite(bias) || !finite(scales) {
		return nil, FormatError("a weight or bias that is no number")
	}
	c.pack(weights, bias)
	return c, nil
}

// check refuses sizes outside what the kernels were written for.
func (c *Conv) check() error {
	switch {
	case c.In < 1 || c.Out < 1 || c.KernelH < 1 || c.KernelW < 1:
		return FormatError("an empty convolution")
	case c.In > maxChannels || c.Out > maxChannels || c.KernelH > maxKernel || c.KernelW > maxKernel:
		return UnsupportedError("a convolution that is too large")
	case c.StrideY != 1 && c.StrideY != 2 || c.StrideX != 1 && c.StrideX != 2:
		return UnsupportedError("a stride other than 1 and 2")
	case c.PadY >= c.KernelH || c.PadX >= c.KernelW:
		return UnsupportedError("a padding as large as the kernel")
	}
	return nil
}

const errShort = FormatError("it ends too early")

func errSource(r *reader) error {
	if r.short {
		return errShort
	}
	return FormatError("an operation reads a value that does not exist yet")
}

func finite(s []float32) bool {
	for _, v := range s {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// reader takes fields from the front of rest; once they run out, short is set and every field is zero.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.short, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) u8() uint8 {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) u16() int {
	if b := r.bytes(2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (r *reader) floats(n int) []float32 {
	b := r.bytes(4 * n)
	s := make([]float32, len(b)/4)
	for i := range s {
		s[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return s
}
