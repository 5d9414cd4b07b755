// Package neural runs small convolutional networks on the CPU: the weight file, the tensors and the kernels.
//
// # Numbers
//
// A Tensor is planar float32 (channel, row, column). Weights are int8 with one scale an output channel. A convolution rounds
// its input to whole numbers of 16 bits, so that its sums are whole numbers too: they are made about twice as fast as those of
// floats, and are the same in any order. Every output value is defined by one sequence of operations, so that native Go, Go in
// WebAssembly and the SIMD side module (package simd) agree bit for bit:
//
//	most = the largest whole number ≤ 16383 by which no output channel's weights, all taken positive, sum to more than 2³⁰ − 1
//	peak = the largest magnitude in the input; unit = peak / most
//	q = x · (most / peak), rounded to the nearest whole number, of two the even one; 0 for all where peak ≤ 10⁻³⁰
//	v = the sum over input channel, kernel row, kernel column of weight · q
//	v = v · (scale · unit) + bias
//	v = max(v, 0) where the layer has a ReLU
//
// with each float product, quotient and sum rounded to float32 (no fused multiply-add) and zeros read outside the picture. The
// rounding changes a sample by at most half a unit, a 32,766th of the largest, far less than int8 changes a weight. Twice a sum
// and twice a sample still fit, which leaves room for a faster way to the same sums (winograd.go).
// Exp and Logistic are computed here for the same reason: math.Exp differs in its last bit between machines.
//
// # The weight file
//
// One file holds several networks. A network is a list of operations over values: value 0 is the input, and the
// operation at position k makes value k+1 from earlier values. Integers are little-endian and unsigned unless said
// otherwise, floats are IEEE 754 binary32, and nothing is aligned or padded. internal/recognize/train/weights.py writes
// the same bytes.
//
//	file
//	  4   magic "OBCW"
//	  u16 version, 2
//	  u16 number of networks
//	  u32 CRC-32 (IEEE 802.3) of all bytes that follow
//	  networks, one after the other, to the end of the file
//	network
//	  u8  length of the name, 1 to 255, then the name in UTF-8, unique in the file
//	  u16 channels, u16 height, u16 width of the input that it was trained on
//	  u16 number of operations, then the operations
//	  u8  number of outputs, 1 or more, then for each u16 value
//	  u32 length of the packed weights in bytes, then these
//	operation
//	  u8  kind, then by kind
//	  1 convolution  u16 source · u16 output channels ·
//	                 u8 kernel height, kernel width, stride y, stride x (1 or 2), padding y, padding x (zeros) ·
//	                 u8 flags, bit 0: ReLU
//	  2 maximum      u16 source · u8 height, u8 width of the window, which is also its step; the rest is cut off
//	  3 upsample     u16 source; doubles both sides, nearest neighbour
//	  4 concatenate  u16 source, u16 source: the channels of the first, then those of the second
//	  5 add          u16 source, u16 source · u8 flags, bit 0: ReLU; the second may have one pixel a channel, which is added
//	                 to the whole channel
//	  6 mean         u16 source: the mean of each channel, a picture of one pixel
//	  7 sigmoid      u16 source
//	  8 softmax      u16 source: over the channels, at each pixel
//
//	packed weights, for each convolution in the order of the operations, by the arithmetic coder of unpack.go
//	  f32 scale for each output channel, then f32 bias for each; a tree for each of their bytes' places
//	  i8  weights [output channel][input channel][kernel row][kernel column], all by one tree; weight = i8 · scale
//
// Convolution and maximum have PyTorch's sizes: (size + 2·padding − kernel)/stride + 1, rounded down.
package neural
