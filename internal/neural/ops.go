package neural

// Maximum returns the largest value of each window of height × width pixels. Rows and columns that fill no window are
// left out.
func Maximum(a *Arena, x Tensor, height, width int) Tensor {
	out := a.Tensor(x.Channels, x.Height/height, x.Width/width)
	for c := range out.Channels {
		plane := x.Plane(c)
		for y := range out.Height {
			maximum(out.Row(c, y), plane[y*height*x.Width:], x.Width, height, width)
		}
	}
	return out
}

// Upsample returns x with both sides doubled, each sample standing four times.
func Upsample(a *Arena, x Tensor) Tensor {
	out := a.Tensor(x.Channels, 2*x.Height, 2*x.Width)
	double(out.Data, x.Data, x.Width)
	return out
}

// Concat returns the channels of x followed by those of y, which has x's height and width.
func Concat(a *Arena, x, y Tensor) Tensor {
	out := a.Tensor(x.Channels+y.Channels, x.Height, x.Width)
	copy(out.Data[copy(out.Data, x.Data):], y.Data)
	return out
}

// Add returns x + y, rectified where relu is set. y has the shape of x, or one pixel a channel, which is added to all of it.
func Add(a *Arena, x, y Tensor, relu bool) Tensor {
	out := a.Tensor(x.Channels, x.Height, x.Width)
	each := len(x.Data) / len(y.Data) // samples that one of y is added to
	for i, w := range y.Data {
		to := out.Data[i*each:]
		for k, v := range x.Data[i*each:][:each] {
			if v += w; relu && !(v > 0) {
				v = 0
			}
			to[k] = v
		}
	}
	return out
}

// Mean returns the mean of each channel as a picture of one pixel, summed in float64.
func Mean(a *Arena, x Tensor) Tensor {
	out := a.Tensor(x.Channels, 1, 1)
	for c := range x.Channels {
		var sum float64
		for _, v := range x.Plane(c) {
			sum += float64(v)
		}
		out.Data[c] = float32(sum / float64(x.Height*x.Width))
	}
	return out
}

// Sigmoid returns 1/(1+e^−x) of every sample.
func Sigmoid(a *Arena, x Tensor) Tensor {
	out := a.Tensor(x.Channels, x.Height, x.Width)
	logistic(out.Data, x.Data)
	return out
}

// Softmax returns at each pixel the exponentials of its channels, scaled to sum to 1.
func Softmax(a *Arena, x Tensor) Tensor {
	out := a.Tensor(x.Channels, x.Height, x.Width)
	n := x.Height * x.Width
	for i := range n {
		peak := x.Data[i]
		for k := i; k < len(x.Data); k += n {
			peak = max(peak, x.Data[k])
		}
		var sum float32
		for k := i; k < len(x.Data); k += n {
			e := Exp(x.Data[k] - peak)
			out.Data[k] = e
			sum += e
		}
		for k := i; k < len(x.Data); k += n {
			out.Data[k] /= sum
		}
	}
	return out
}
