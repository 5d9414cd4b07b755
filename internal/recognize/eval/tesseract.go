package main

// Tesseract: the same pictures given to tesseract 5, with whatever preparation suits each best: the rectified card
// where its corners are labelled, the whole picture where not; gray, inverted, flattened and thresholded; as sparse
// text and as a block. A number counts as read when any of these attempts holds it among its digits.

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"time"

	"ocrbankcard/internal/frame"
	"ocrbankcard/internal/geometry"
)

const (
	pageWidth  = 1200 // of the rectified card in pixels: digits some 60 high, as tesseract likes them
	pageHeight = 757
)

// rival measures tesseract on the pictures that show a number and prints it beside the engine.
func rival(w io.Writer, outcomes []outcome) error {
	if _, err := exec.LookPath("tesseract"); err != nil {
		return fmt.Errorf("-tesseract: %w (Debian: tesseract-ocr)", err)
	}
	var ours, theirs int
	var ourTime, theirTime []float64
	for i := range outcomes {
		o := &outcomes[i]
		if !o.hasNumber() {
			continue
		}
		read, took, err := tesseract(o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.File, err)
		}
		if read {
			theirs++
		}
		if o.exact() {
			ours++
		}
		ourTime, theirTime = append(ourTime, milliseconds(o.took)), append(theirTime, milliseconds(took))
	}
	n := len(ourTime)
	if n == 0 {
		return nil
	}
	fmt.Fprintf(w, "\n%-34s %14s %14s\n", "against tesseract", "this engine", "tesseract")
	fmt.Fprintf(w, "%-34s %9d/%4d %9d/%4d\n", "numbers exact", ours, n, theirs, n)
	fmt.Fprintf(w, "%-34s %14.1f %14.1f\n", "one reading, median ms", median(ourTime), median(theirTime))
	return nil
}

// tesseract reports whether any attempt shows the number, and the mean time of one attempt, preparation not counted.
func tesseract(o *outcome) (read bool, attempt time.Duration, err error) {
	f, err := os.Open(o.path)
	if err != nil {
		return false, 0, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return false, 0, err
	}
	attempts := 0
	page := pageOf(frame.FromImage(img), o.Corners)
	for _, prepare := range []func(*image.Gray) *image.Gray{plain, inverted, flattened, thresholded} {
		var file bytes.Buffer
		writePGM(&file, prepare(page))
		for _, mode := range []string{"11", "6"} {
			start := time.Now()
			c := exec.Command("tesseract", "stdin", "stdout", "--psm", mode, "-c", "tessedit_char_whitelist=0123456789 ")
			c.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
			c.Stdin = bytes.NewReader(file.Bytes())
			out, err := c.Output()
			if err != nil {
				return false, 0, err
			}
			attempt += time.Since(start)
			attempts++
			digits := strings.Map(onlyDigits, string(out))
			read = read || o.Number != "" && strings.Contains(digits, o.Number)
			for k := 0; o.Number == "" && k+o.length() <= len(digits); k++ {
				read = read || o.matches(digits[k:k+o.length()])
			}
		}
	}
	return read, attempt / time.Duration(attempts), nil
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// pageOf returns the upright card filling a page, or the picture itself where the corners aren't known.
func pageOf(f *frame.Frame, corners [][2]float64) *image.Gray {
	w, h := f.Size()
	q := geometry.Rect(0, 0, float64(w), float64(h))
	pw, ph := pageWidth, pageWidth*h/max(w, 1)
	if len(corners) == 4 {
		for i, c := range corners {
			q[i] = geometry.Point{X: c[0], Y: c[1]}
		}
		if s := q.Sides(); s[0]+s[2] >= s[1]+s[3] {
			pw, ph = pageWidth, pageHeight
		} else {
			pw, ph = pageHeight, pageWidth
		}
	}
	page := image.NewGray(image.Rect(0, 0, pw, ph))
	m, ok := geometry.QuadToQuad(geometry.Rect(0, 0, float64(pw), float64(ph)), q)
	if !ok {
		return page
	}
	for y := range ph {
		for x := range pw {
			p := m.Apply(geometry.Point{X: float64(x) + 0.5, Y: float64(y) + 0.5})
			page.Pix[y*page.Stride+x] = lumaAt(f.Y, p.X-0.5, p.Y-0.5)
		}
	}
	return page
}

// lumaAt is the bilinear value; the edge repeats.
func lumaAt(p frame.Plane, x, y float64) byte {
	x = math.Min(math.Max(x, 0), float64(p.Width-1))
	y = math.Min(math.Max(y, 0), float64(p.Height-1))
	i, j := int(x), int(y)
	i1, j1 := min(i+1, p.Width-1), min(j+1, p.Height-1)
	fx, fy := x-float64(i), y-float64(j)
	at := func(i, j int) float64 { return float64(p.Pix[j*p.Stride+i]) }
	top, bottom := at(i, j)*(1-fx)+at(i1, j)*fx, at(i, j1)*(1-fx)+at(i1, j1)*fx
	return byte(top*(1-fy) + bottom*fy + 0.5)
}

func plain(g *image.Gray) *image.Gray { return g }

func inverted(g *image.Gray) *image.Gray {
	out := image.NewGray(g.Rect)
	for i, v := range g.Pix {
		out.Pix[i] = 255 - v
	}
	return out
}

// flattened is how much each pixel differs from the mean around it: uneven light and broad art go.
func flattened(g *image.Gray) *image.Gray {
	return local(g, func(d float64) float64 { return 128 + 2*d })
}

// thresholded is black where a pixel is darker than the mean around it.
func thresholded(g *image.Gray) *image.Gray {
	return local(g, func(d float64) float64 {
		if d < -8 {
			return 0
		}
		return 255
	})
}

// local maps each pixel's difference from the mean of the square around it, by way of a table of sums.
func local(g *image.Gray, tone func(float64) float64) *image.Gray {
	const reach = 30
	w, h := g.Rect.Dx(), g.Rect.Dy()
	sums := make([]int64, (w+1)*(h+1))
	for y := range h {
		for x := range w {
			sums[(y+1)*(w+1)+x+1] = int64(g.Pix[y*g.Stride+x]) + sums[y*(w+1)+x+1] + sums[(y+1)*(w+1)+x] - sums[y*(w+1)+x]
		}
	}
	out := image.NewGray(g.Rect)
	for y := range h {
		for x := range w {
			x0, y0, x1, y1 := max(0, x-reach), max(0, y-reach), min(w, x+reach+1), min(h, y+reach+1)
			sum := sums[y1*(w+1)+x1] - sums[y0*(w+1)+x1] - sums[y1*(w+1)+x0] + sums[y0*(w+1)+x0]
			d := float64(g.Pix[y*g.Stride+x]) - float64(sum)/float64((x1-x0)*(y1-y0))
			out.Pix[y*out.Stride+x] = byte(math.Min(math.Max(tone(d), 0), 255))
		}
	}
	return out
}

// writePGM writes the picture in the plainest format that tesseract reads.
func writePGM(w io.Writer, g *image.Gray) {
	fmt.Fprintf(w, "P5\n%d %d\n255\n", g.Rect.Dx(), g.Rect.Dy())
	w.Write(g.Pix)
}
