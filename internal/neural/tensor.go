package neural

// Tensor is a picture of float32 channels. The sample of channel c at row y, column x is
// Data[(c*Height+y)*Width+x]; there are no gaps.
type Tensor struct {
	Data                    []float32
	Channels, Height, Width int
}

// Plane returns the samples of channel c, row after row.
func (t Tensor) Plane(c int) []float32 {
	n := t.Height * t.Width
	return t.Data[c*n:][:n:n]
}

// Row returns the samples of row y of channel c.
func (t Tensor) Row(c, y int) []float32 {
	return t.Data[(c*t.Height+y)*t.Width:][:t.Width:t.Width]
}

func (t Tensor) shape() shape { return shape{t.Channels, t.Height, t.Width} }

// shape is a tensor's size without its samples.
type shape struct{ channels, height, width int }

func (s shape) len() int { return s.channels * s.height * s.width }
