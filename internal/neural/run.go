package neural

// Run computes the network's outputs for x, in a's memory: they are valid until a.Reset. The input may differ from the
// network's own in height and width where the network allows it. The error is a ShapeError.
func (n *Net) Run(a *Arena, x Tensor) ([]Tensor, error) {
	if x.Channels != n.input.channels || len(x.Data) != x.shape().len() {
		return nil, ShapeError("the input does not suit network " + n.Name)
	}
	var err error
	if a.shapes, err = n.shapes(a.shapes, x.shape()); err != nil {
		return nil, err
	}
	values := append(a.values[:0], x)
	for i := range n.ops {
		values = append(values, n.ops[i].run(a, values))
	}
	for _, v := range n.outputs {
		values = append(values, values[v])
	}
	a.values = values
	outputs := values[len(n.ops)+1:]
	return outputs[:len(outputs):len(outputs)], nil
}

func (o *op) run(a *Arena, values []Tensor) Tensor {
	x, y := values[o.a], values[o.b]
	switch o.kind {
	case kindConv:
		return o.conv.Apply(a, x)
	case kindMax:
		return Maximum(a, x, o.height, o.width)
	case kindUpsample:
		return Upsample(a, x)
	case kindConcat:
		return Concat(a, x, y)
	case kindAdd:
		return Add(a, x, y, o.relu)
	case kindMean:
		return Mean(a, x)
	case kindSigmoid:
		return Sigmoid(a, x)
	default:
		return Softmax(a, x)
	}
}
