package neural

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"os"
	"slices"
	"testing"
)

func readEvery(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile("testdata/every.bin")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// namesOf lists the networks in the order of the file.
func namesOf(m *Model) (names []string) {
	for _, n := range m.nets {
		names = append(names, n.Name)
	}
	return names
}

// The file and the numbers come from weights.py: writer and reader, and two interpreters, in two languages.
func TestParseAndRunAgreeWithThePythonTwin(t *testing.T) {
	m, err := Parse(readEvery(t))
	if err != nil {
		t.Fatal(err)
	}
	if names := namesOf(m); !slices.Equal(names, []string{"every", "second"}) {
		t.Fatal(names)
	}
	net, err := m.Net("every", 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("testdata/every.f32")
	if err != nil {
		t.Fatal(err)
	}
	floats := make([]float32, len(raw)/4)
	for i := range floats {
		floats[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	c, h, w := net.Input()
	x := Tensor{floats[:c*h*w], c, h, w}
	want := floats[c*h*w:]
	a := &Arena{}
	for range 3 {
		outputs, err := net.Run(a, x)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for k, o := range outputs {
			if c, h, w := net.Output(k); (Tensor{Channels: c, Height: h, Width: w}).shape() != o.shape() {
				t.Errorf("output %d has shape %v, announced was %d × %d × %d", k, o.shape(), c, h, w)
			}
			for _, v := range o.Data {
				if math.Abs(float64(v-want[i])) > 2e-5 {
					t.Fatalf("output %d: %v, want %v", k, v, want[i])
				}
				i++
			}
		}
		if i != len(want) {
			t.Fatalf("%d outputs, want %d", i, len(want))
		}
		a.Reset()
	}
}

func TestASteadyStreamAllocatesNothing(t *testing.T) {
	m, err := Parse(readEvery(t))
	if err != nil {
		t.Fatal(err)
	}
	net, err := m.Net("every", 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	a, x := &Arena{}, newTensor(1, 21, 22)
	frame := func() {
		if _, err := net.Run(a, x); err != nil {
			t.Fatal(err)
		}
		a.Reset()
	}
	frame()
	if n := testing.AllocsPerRun(20, frame); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func TestNetSaysWhatDoesNotSuit(t *testing.T) {
	m, err := Parse(readEvery(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name              string
		channels, outputs int
	}{{"none", 1, 1}, {"every", 2, 3}, {"every", 1, 1}} {
		var shape ShapeError
		if _, err := m.Net(c.name, c.channels, c.outputs); !errors.As(err, &shape) {
			t.Errorf("%v: %v", c, err)
		}
	}
	net, err := m.Net("every", 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []Tensor{newTensor(2, 21, 22), newTensor(1, 2, 2), newTensor(1, 27, 22), newTensor(1, 4098, 22), newTensor(1, 2048, 4096), {make([]float32, 3), 1, 21, 22}} {
		var shape ShapeError
		if _, err := net.Run(&Arena{}, x); !errors.As(err, &shape) {
			t.Errorf("%d×%d×%d of %d: %v", x.Channels, x.Height, x.Width, len(x.Data), err)
		}
	}
}

// seal puts the right checksum into a file that a test has changed.
func seal(file []byte) []byte {
	binary.LittleEndian.PutUint32(file[8:], crc32.ChecksumIEEE(file[headerSize:]))
	return file
}

// packedLength is the place of the last network's length of its packed weights.
func packedLength(file []byte) int {
	for at := len(file) - 4; ; at-- {
		if at+4+int(binary.LittleEndian.Uint32(file[at:])) == len(file) {
			return at
		}
	}
}

// A few bytes may not stand for more weights than a machine holds.
func TestAFewBytesForManyWeightsAreRefused(t *testing.T) {
	n := &Net{Name: "many", outputs: []int{1}, ops: []op{{kind: kindConv, conv: &Conv{In: 1024, Out: 1024, KernelH: 32, KernelW: 32}}}}
	s := []shape{{1024, 32, 32}, {1024, 1, 1}}
	if err := n.check(s, new(int)); !errors.As(err, new(UnsupportedError)) {
		t.Errorf("a thousand million weights: %v", err)
	}
}

// Nor may many networks do so together: each of these is allowed alone.
func TestManyNetworksOfFewBytesAreRefused(t *testing.T) {
	const channels = 512
	stream := packed(make([]float32, channels), make([]float32, channels), make([]int8, channels*channels))
	file := func(nets int) []byte {
		f := append([]byte(magic), version, 0, byte(nets), 0, 0, 0, 0, 0)
		for i := range nets {
			f = append(f, 1, byte('a'+i), 0, channels>>8, 1, 0, 1, 0, 1, 0) // name, input, one operation
			f = append(f, kindConv, 0, 0, 0, channels>>8, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0)
			f = append(binary.LittleEndian.AppendUint32(f, uint32(len(stream))), stream...)
		}
		return seal(f)
	}
	const most = maxWeights / (channels * channels)
	if _, err := Parse(file(most)); err != nil {
		t.Errorf("as many weights as may be: %v", err)
	}
	more := file(most + 1)
	if _, err := Parse(more); !errors.As(err, new(UnsupportedError)) {
		t.Errorf("%d bytes for %d weights: %v", len(more), (most+1)*channels*channels, err)
	}
}

func TestParseTellsDamagedFromUnsupported(t *testing.T) {
	good := readEvery(t)
	change := func(at int, to byte, sealed bool) []byte {
		f := append([]byte(nil), good...)
		f[at] = to
		if sealed {
			seal(f)
		}
		return f
	}
	// The first operation follows the header, the name with its length, and four 16-bit fields.
	first := headerSize + 1 + len("every") + 8
	// The last bytes are the packed weights of the network "second", with their length before, and its only output before that.
	length := packedLength(good)
	format, unsupported := new(FormatError), new(UnsupportedError)
	for name, c := range map[string]struct {
		file []byte
		want any
	}{
		"empty":               {nil, format},
		"another file":        {[]byte("\x89PNG and so on, long enough"), format},
		"another version":     {change(4, 1, true), unsupported},
		"a flipped bit":       {change(len(good)-40, good[len(good)-40]^1, false), format},
		"more networks":       {change(6, 3, true), format},
		"fewer networks":      {change(6, 1, true), format},
		"unknown operation":   {change(first, 99, true), unsupported},
		"a later value":       {change(first+1, 7, true), format},
		"stride 3":            {change(first+7, 3, true), unsupported},
		"wide padding":        {change(first+9, 5, true), unsupported},
		"unknown flag":        {change(first+11, 3, true), unsupported},
		"no kernel":           {change(first+5, 0, true), format},
		"a huge kernel":       {change(first+5, 32, true), format},
		"no name":             {change(headerSize, 0, true), format},
		"too many operations": {change(first-1, 0xff, true), unsupported},
		"no outputs":          {change(length-3, 0, true), format},
		"fewer weights":       {change(length, good[length]-1, true), format},
		"an output too far":   {change(length-2, 9, true), format},
	} {
		_, err := Parse(c.file)
		if err == nil || !errors.As(err, c.want) {
			t.Errorf("%s: %v, want a %T", name, err, c.want)
		}
	}
	for n := range good {
		if _, err := Parse(good[:n]); err == nil {
			t.Fatalf("the first %d bytes are accepted", n)
		}
		if n >= headerSize {
			var e FormatError
			if _, err := Parse(seal(append([]byte(nil), good[:n]...))); !errors.As(err, &e) {
				t.Fatalf("the first %d bytes, sealed: %v", n, err)
			}
		}
	}
}

// Whatever Parse accepts must run, or say why not, without a panic.
func FuzzParse(f *testing.F) {
	f.Add(readEvery(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<16 {
			t.Skip()
		}
		if len(file) >= headerSize {
			file = seal(append([]byte(nil), file...))
		}
		m, err := Parse(file)
		if err != nil {
			return
		}
		for _, n := range m.nets {
			shapes, err := n.shapes(nil, n.input)
			if err != nil || work(n, shapes) > 1<<24 {
				continue
			}
			c, h, w := n.Input()
			outputs, err := n.Run(&Arena{}, newTensor(c, h, w))
			if err != nil || len(outputs) != len(n.outputs) {
				t.Fatalf("%d outputs, %v", len(outputs), err)
			}
		}
	})
}

// work returns about how many multiplications and moves a run over values of these shapes takes.
func work(n *Net, shapes []shape) int {
	var sum int
	for i, o := range n.ops {
		each := 1
		if o.kind == kindConv {
			each = o.conv.In * o.conv.KernelH * o.conv.KernelW
		}
		sum += shapes[i+1].len() * each
	}
	return sum
}
