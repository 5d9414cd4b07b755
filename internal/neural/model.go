package neural

// Model is the content of a weight file: networks by name. It is read-only and safe for concurrent use.
type Model struct{ nets []*Net }

// Net returns the network of that name, which must have the given numbers of input channels and outputs.
// The error is a ShapeError.
func (m *Model) Net(name string, channels, outputs int) (*Net, error) {
	n := m.find(name)
	switch {
	case n == nil:
		return nil, ShapeError("the weights hold no network " + name)
	case n.input.channels != channels:
		return nil, ShapeError("network " + name + " has another number of input channels")
	case len(n.outputs) != outputs:
		return nil, ShapeError("network " + name + " has another number of outputs")
	}
	return n, nil
}

func (m *Model) find(name string) *Net {
	for _, n := range m.nets {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// Net is one network. It is read-only and safe for concurrent use, with one Arena a call.
type Net struct {
	Name    string
	input   shape
	ops     []op
	outputs []int
}

// Input returns the size that the network was trained on.
func (n *Net) Input() (channels, height, width int) {
	return n.input.channels, n.input.height, n.input.width
}

// Output returns the size of output i for an input of the network's own.
func (n *Net) Output(i int) (channels, height, width int) {
	shapes, err := n.shapes(nil, n.input)
	if err != nil {
		return 0, 0, 0
	}
	s := shapes[n.outputs[i]]
	return s.channels, s.height, s.width
}

// op is one operation over earlier values a and b (equal where only one is read).
type op struct {
	kind, a, b    int
	conv          *Conv
	height, width int
	relu          bool
}

// shapes returns the shape of every value for an input of shape s, in dst's memory. The error is a ShapeError.
func (n *Net) shapes(dst []shape, s shape) ([]shape, error) {
	dst = append(dst[:0], s)
	for i := range n.ops {
		t, err := n.ops[i].shape(dst)
		if err != nil {
			return dst, err
		}
		dst = append(dst, t)
	}
	if checkSize(dst) != nil { // what Parse accepted can only be so for another input than the network's own
		return dst, ShapeError("the input is too large for the network")
	}
	return dst, nil
}

// shape returns the shape of what o makes from earlier values.
func (o *op) shape(values []shape) (shape, error) {
	s, t := values[o.a], values[o.b]
	switch o.kind {
	case kindConv:
		if s.channels != o.conv.In {
			return s, ShapeError("a convolution is given another number of channels")
		}
		s = o.conv.shape(s)
	case kindMax:
		if o.height < 1 || o.width < 1 {
			return s, ShapeError("a maximum over an empty window")
		}
		s.height, s.width = s.height/o.height, s.width/o.width
	case kindUpsample:
		s.height, s.width = 2*s.height, 2*s.width
	case kindConcat:
		if s.height != t.height || s.width != t.width {
			return s, ShapeError("concatenated values differ in size")
		}
		s.channels += t.channels
	case kindAdd:
		if s != t && t != (shape{s.channels, 1, 1}) {
			return s, ShapeError("added values differ in size")
		}
	case kindMean:
		s.height, s.width = 1, 1
	}
	if s.height < 1 || s.width < 1 {
		return s, ShapeError("the input is too small for the network")
	}
	if s.channels > maxChannels || s.height > maxSide || s.width > maxSide {
		return s, ShapeError("a value is too large")
	}
	return s, nil
}
