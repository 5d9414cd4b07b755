package synth

import (
	"bytes"
	"image/jpeg"
	"math"
	"testing"
)

// The real encoder and decoder are the oracle of compress: both must lose about the same.
func TestCompressLosesWhatJPEGLoses(t *testing.T) {
	scene := DrawScene(sceneSeed(5), SceneOptions{Width: 325, Height: 243, Kind: Photo, Cards: 1, Easy: true})
	for _, quality := range []int{20, 50, 75, 95} {
		ours := &RGB{append([]uint8(nil), scene.Picture.Pix...), scene.Picture.Width, scene.Picture.Height}
		compress(ours, quality)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, scene.Picture.Image(), &jpeg.Options{Quality: quality}); err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		var apart, lost float64
		for y := range ours.Height {
			for x := range ours.Width {
				i := 3 * (y*ours.Width + x)
				r, g, b, _ := img.At(x, y).RGBA()
				for ch, v := range []uint32{r, g, b} {
					apart += math.Abs(float64(ours.Pix[i+ch]) - float64(v>>8))
					lost += math.Abs(float64(scene.Picture.Pix[i+ch]) - float64(v>>8))
				}
			}
		}
		n := float64(3 * ours.Width * ours.Height)
		if apart > 0.6*n+0.13*lost { // roundings of two colour conversions, and chroma that the two enlarge differently
			t.Errorf("quality %d: %.2f levels from the real JPEG, which loses %.2f", quality, apart/n, lost/n)
		}
	}
}

// The fast transforms against the definition of T.81, annex A.3.3.
func TestTransformIsTheCosineTransform(t *testing.T) {
	r := sceneSeed(1)
	var b, want [64]float32
	for i := range b {
		b[i] = float32(between(r, -128, 127))
	}
	q := newQuantiser(&[64]int{}, 100) // every step 1
	for v := range 8 {
		for u := range 8 {
			var sum float64
			for y := range 8 {
				for x := range 8 {
					sum += float64(b[8*y+x]) * math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) * math.Cos(float64(2*y+1)*float64(v)*math.Pi/16)
				}
			}
			c := 0.25
			if u == 0 {
				c /= math.Sqrt2
			}
			if v == 0 {
				c /= math.Sqrt2
			}
			want[8*v+u] = float32(c * sum)
		}
	}
	got := b
	for j := 0; j < 64; j += 8 {
		forward(got[j:j+8], 1)
	}
	for i := range 8 {
		forward(got[i:], 8)
	}
	for i := range got {
		if d := got[i]*q.in[i] - want[i]; d > 2e-3 || d < -2e-3 {
			t.Fatalf("coefficient %d is %v, not %v", i, got[i]*q.in[i], want[i])
		}
		got[i] *= q.in[i] * q.out[i]
	}
	for i := range 8 {
		backward(got[i:], 8)
	}
	for j := 0; j < 64; j += 8 {
		backward(got[j:j+8], 1)
	}
	for i := range got {
		if d := got[i] - b[i]; d > 2e-3 || d < -2e-3 {
			t.Fatalf("sample %d comes back as %v, not %v", i, got[i], b[i])
		}
	}
}

// The three box blurs must spread a point about as the Gaussian that they stand for.
func TestBlurSpreadsLikeAGaussian(t *testing.T) {
	for _, sigma := range []float64{0.5, 1, 1.5, 3, 8} {
		c := newCanvas(121, 121)
		clear(c.pix)
		for ch := range 3 {
			c.row(60)[3*60+ch] = 1
		}
		gaussianBlur(c, sigma)
		var sum, second float64
		for y := range c.h {
			for x := range c.w {
				v := float64(c.row(y)[3*x+1])
				sum += v
				second += v * float64((x-60)*(x-60))
			}
		}
		if math.Abs(sum-1) > 1e-3 {
			t.Errorf("sigma %v: the light sums to %v", sigma, sum)
		}
		if got := math.Sqrt(second / sum); math.Abs(got-sigma) > 0.12*sigma+0.05 {
			t.Errorf("sigma %v: spread %v", sigma, got)
		}
		c.release()
	}
}

func TestMotionAndResamplingKeepTheLight(t *testing.T) {
	for name, do := range map[string]func(c *canvas){
		"motion": func(c *canvas) { motionBlur(c, 7.3, 0.7) },
		"down":   func(c *canvas) { resampleDown(c, 0.43) },
	} {
		c := newCanvas(90, 70)
		for i := range c.pix {
			c.pix[i] = 0.5
		}
		do(c)
		for i, v := range c.pix {
			if math.Abs(float64(v)-0.5) > 1e-4 {
				t.Fatalf("%s: a gray field is %v at %d", name, v, i)
			}
		}
		c.release()
	}
}
