// Package sketch draws what was read onto a copy of the picture: the card's outline and its number.
package sketch

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"ocrbankcard/internal/geometry"
)

var (
	line  = color.RGBA{0x1f, 0xd6, 0x7a, 0xff}
	start = color.RGBA{0xff, 0xb0, 0x20, 0xff} // marks the left-top corner, so that the way up can be seen
	paper = color.RGBA{0x10, 0x14, 0x18, 0xe6}
	ink   = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

// Card returns a copy of the picture with a quad drawn on it, and a label at its lower side.
func Card(picture image.Image, quad geometry.Quad, label string) (*image.RGBA, error) {
	out := image.NewRGBA(image.Rect(0, 0, picture.Bounds().Dx(), picture.Bounds().Dy()))
	draw.Draw(out, out.Rect, picture, picture.Bounds().Min, draw.Src)
	unit := float64(max(out.Rect.Dx(), out.Rect.Dy())) / 400
	for i := range quad {
		stroke(out, quad[i], quad[(i+1)%4], unit, line)
	}
	disc(out, quad[0], 2.5*unit, start)
	if label == "" {
		return out, nil
	}
	return out, write(out, quad, label)
}

// stroke draws a side of the given half width, with a round start: its end is the next one's.
func stroke(m *image.RGBA, a, b geometry.Point, half float64, c color.Color) {
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	if length == 0 {
		return
	}
	nx, ny := -(b.Y-a.Y)/length*half, (b.X-a.X)/length*half
	fill(m, c, geometry.Point{X: a.X + nx, Y: a.Y + ny}, geometry.Point{X: b.X + nx, Y: b.Y + ny},
		geometry.Point{X: b.X - nx, Y: b.Y - ny}, geometry.Point{X: a.X - nx, Y: a.Y - ny})
	disc(m, a, half, c)
}

func disc(m *image.RGBA, at geometry.Point, radius float64, c color.Color) {
	p := make([]geometry.Point, 24)
	for i := range p {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(p)))
		p[i] = geometry.Point{X: at.X + radius*cos, Y: at.Y + radius*sin}
	}
	fill(m, c, p...)
}

func fill(m *image.RGBA, c color.Color, p ...geometry.Point) {
	r := vector.NewRasterizer(m.Rect.Dx(), m.Rect.Dy())
	r.MoveTo(float32(p[0].X), float32(p[0].Y))
	for _, q := range p[1:] {
		r.LineTo(float32(q.X), float32(q.Y))
	}
	r.ClosePath()
	r.Draw(m, m.Rect, image.NewUniform(c), image.Point{})
}

// write puts the label on a dark strip under the card, moved into the picture where the card reaches its end.
func write(m *image.RGBA, quad geometry.Quad, label string) error {
	parsed, err := opentype.Parse(gomonobold.TTF)
	if err != nil {
		return err
	}
	low, high := quad.Bounds()
	wide := float64(m.Rect.Dx())
	size := max(min(high.X-low.X, wide)/16, wide/40, 10) // by what is seen of the card, where it goes beyond the picture
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return err
	}
	defer face.Close()
	pad := int(size / 2)
	width, height := font.MeasureString(face, label).Ceil()+2*pad, int(size)+pad
	x := clamp(int((low.X+high.X)/2)-width/2, 0, m.Rect.Dx()-width)
	y := clamp(int(high.Y)+pad, 0, m.Rect.Dy()-height)
	draw.Draw(m, image.Rect(x, y, x+width, y+height), image.NewUniform(paper), image.Point{}, draw.Over)
	d := font.Drawer{Dst: m, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x+pad, y+height-pad+pad/4)}
	d.DrawString(label)
	return nil
}

func clamp(v, low, high int) int { return max(low, min(v, high)) }
