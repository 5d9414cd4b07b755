package neural

import (
	"encoding/binary"
	"hash/crc32"
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
	// maxWeights bounds the weights of a file: a few bytes of it may stand for any number of them.
	maxWeights = 4 << 20
)

const (
	magic      = "OBCW"
	version    = 2
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
	n := &Net{Name: string(r.bytes(r.u8()))}
	head := r.bytes(8)
	if r.short {
		return nil, errShort
	}
	n.input = shape{u16(head), u16(head[2:]), u16(head[4:])}
	count := u16(head[6:])
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
	packed := r.bytes(r.u32())
	if r.short {
		return nil, errShort
	}
	if err := n.check(shapes, &r.weights); err != nil {
		return nil, err
	}
	return n, n.unpack(packed)
}

// unpack fills the convolutions from the stream that holds their weights.
func (n *Net) unpack(packed []byte) error {
	u := newUnpacker(packed)
	for _, o := range n.ops {
		if o.conv == nil {
			continue
		}
		if err := u.fill(o.conv); err != nil {
			return err
		}
	}
	if u.short {
		return errShort
	}
	if len(u.rest) != 0 {
		return FormatError("bytes after the last weight of " + n.Name)
	}
	return nil
}

// check refuses outputs that do not exist and networks too large to run. To the file's weights it adds the network's.
func (n *Net) check(shapes []shape, weights *int) error {
	if len(n.outputs) == 0 {
		return FormatError(n.Name + " has no output")
	}
	for _, v := range n.outputs {
		if v >= len(shapes) {
			return FormatError(n.Name + " has an output that no operation makes")
		}
	}
	for _, o := range n.ops {
		if o.conv == nil {
			continue
		}
		if *weights += o.conv.size(); *weights > maxWeights {
			return UnsupportedError("too many weights in " + n.Name)
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
	head := r.bytes(3)
	if r.short {
		return op{}, errShort
	}
	o := op{kind: int(head[0]), a: u16(head[1:])}
	o.b = o.a
	if o.a >= len(shapes) {
		return op{}, errSource
	}
	switch o.kind {
	case kindConv:
		c, err := parseConv(r.bytes(9), shapes[o.a].channels)
		if err != nil {
			return op{}, err
		}
		o.conv = c
	case kindMax:
		o.height, o.width = r.u8(), r.u8()
	case kindConcat:
		o.b = r.u16()
	case kindAdd:
		o.b = r.u16()
		o.relu = r.u8()&flagReLU != 0
	case kindUpsample, kindMean, kindSigmoid, kindSoftmax:
	default:
		return op{}, UnsupportedError("an unknown kind of operation")
	}
	if r.short {
		return op{}, errShort
	}
	if o.b >= len(shapes) {
		return op{}, errSource
	}
	return o, nil
}

func parseConv(b []byte, in int) (*Conv, error) {
	if b == nil {
		return nil, errShort
	}
	c := &Conv{
		In: in, Out: u16(b), KernelH: int(b[2]), KernelW: int(b[3]),
		StrideY: int(b[4]), StrideX: int(b[5]), PadY: int(b[6]), PadX: int(b[7]), ReLU: b[8]&flagReLU != 0,
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if b[8]&^flagReLU != 0 {
		return nil, UnsupportedError("an unknown flag of a convolution")
	}
	return c, nil
}

// size is the number of weights.
func (c *Conv) size() int { return c.Out * c.In * c.KernelH * c.KernelW }

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

const (
	errShort  = FormatError("it ends too early")
	errSource = FormatError("an operation reads a value that does not exist yet")
)

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
	rest    []byte
	short   bool
	weights int // of the networks read
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

func (r *reader) u8() int {
	if b := r.bytes(1); b != nil {
		return int(b[0])
	}
	return 0
}

func (r *reader) u16() int {
	if b := r.bytes(2); b != nil {
		return u16(b)
	}
	return 0
}

func (r *reader) u32() int {
	if b := r.bytes(4); b != nil {
		return int(binary.LittleEndian.Uint32(b))
	}
	return 0
}

func u16(b []byte) int { return int(binary.LittleEndian.Uint16(b)) }
