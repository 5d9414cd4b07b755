package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"strings"

	"golang.org/x/image/draw"

	"ocrbankcard/internal/geometry"
	"ocrbankcard/internal/recognize"
)

// pageSide is the longer side of a picture on the page, in pixels.
const pageSide = 720

// shown is a picture on the page with what is drawn over it.
type shown struct {
	Name, What, Notes, Want, Got string
	Confidence                   float64
	Picture                      template.URL
	Width, Height                int
	True, Answer                 string   // outlines as SVG points
	Located, Cuts                []string // at first sight; of the strips
	Tries                        []shownTry
}

type shownTry struct {
	Number     string
	Confidence float64
	Outline    string
	Strips     []shownStrip
}

type shownStrip struct{ Picture, Scores template.URL }

// writePage writes the failures, or all outcomes, as one page that needs no other file.
func writePage(path string, outcomes []outcome, all bool) error {
	var list []shown
	for i := range outcomes {
		o := &outcomes[i]
		if what := o.failure(); all || len(what) > 0 {
			s, err := show(o)
			if err != nil {
				return err
			}
			s.What = strings.Join(what, ", ")
			list = append(list, s)
		}
	}
	var page bytes.Buffer
	if err := template.Must(template.New("page").Parse(pageTemplate)).Execute(&page, list); err != nil {
		return err
	}
	return os.WriteFile(path, page.Bytes(), 0o600)
}

func show(o *outcome) (shown, error) {
	s := shown{Name: o.File, Notes: o.Notes, Got: o.answer(), Confidence: o.confidence(), Want: o.Number}
	if s.Want == "" && o.Check != "" {
		s.Want = fmt.Sprintf("%d digits, kept as a check", o.Digits)
	}
	img, scale, err := preview(o.path)
	if err != nil {
		return s, err
	}
	s.Width, s.Height = img.Bounds().Dx(), img.Bounds().Dy()
	if s.Picture, err = jpegURL(img); err != nil {
		return s, err
	}
	if q, ok := o.quad(); ok {
		s.True = points(q, scale)
	}
	if o.card != nil {
		s.Answer = points(o.card.Quad, scale)
	}
	for _, l := range o.trace.Located {
		s.Located = append(s.Located, points(l.Quad, scale))
	}
	for _, t := range o.trace.Tries {
		try := shownTry{Number: t.Number.Reveal(), Confidence: t.Confidence, Outline: points(t.Quad, scale)}
		for i := range t.Strips {
			strip := &t.Strips[i]
			s.Cuts = append(s.Cuts, points(strip.Outline, scale))
			picture, err := pngURL(stripPicture(strip))
			if err != nil {
				return s, err
			}
			scores, err := pngURL(scorePicture(strip))
			if err != nil {
				return s, err
			}
			try.Strips = append(try.Strips, shownStrip{picture, scores})
		}
		s.Tries = append(s.Tries, try)
	}
	return s, nil
}

// preview returns a picture file no larger than the page shows it, and the scale applied.
func preview(path string) (image.Image, float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, 0, err
	}
	b := img.Bounds()
	scale := pageSide / float64(max(b.Dx(), b.Dy()))
	small := image.NewRGBA(image.Rect(0, 0, int(float64(b.Dx())*scale), int(float64(b.Dy())*scale)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	return small, scale, nil
}

func points(q geometry.Quad, scale float64) string {
	var b strings.Builder
	for _, p := range q {
		fmt.Fprintf(&b, "%.1f,%.1f ", p.X*scale, p.Y*scale)
	}
	return b.String()
}

// stripPicture shows a strip as the reader saw it, two standard deviations either way from black to white.
func stripPicture(s *recognize.Strip) image.Image {
	img := image.NewGray(image.Rect(0, 0, s.Width, s.Height))
	for i, v := range s.Pixels {
		img.Pix[i] = uint8(min(max(128+v*64, 0), 255))
	}
	return img
}

// scorePicture has a row for each digit, 0 on top, and a column of the strip's own width for each of the reader's
// columns: the brighter, the more evidence. The best digit of a column is orange.
func scorePicture(s *recognize.Strip) image.Image {
	const rowHeight = 6
	step := s.Width / len(s.Gain)
	img := image.NewRGBA(image.Rect(0, 0, s.Width, 10*rowHeight))
	for t, gain := range s.Gain {
		best := 0
		for d := range gain {
			if gain[d] > gain[best] {
				best = d
			}
		}
		for d, g := range gain {
			v := uint8(min(max(g+7, 0)/14, 1) * 255)
			c := color.RGBA{v, v, v, 255}
			if d == best && g > 0 {
				c = color.RGBA{255, v / 2, 0, 255}
			}
			draw.Draw(img, image.Rect(t*step, d*rowHeight, (t+1)*step, (d+1)*rowHeight), image.NewUniform(c), image.Point{}, draw.Src)
		}
	}
	return img
}

func jpegURL(img image.Image) (template.URL, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85})
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), err
}

func pngURL(img image.Image) (template.URL, error) {
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), err
}

const pageTemplate = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What the engine got wrong</title>
<style>
 body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; background: #16181c; color: #e8e8e8 }
 section { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 0 0 3rem }
 h2 { flex-basis: 100%; margin: 0; font-size: 1.1rem }
 svg polygon { fill: none; stroke-width: 2 }
 .true { stroke: #3fdc7f } .answer { stroke: #ff9a1f } .cut, .located { stroke: #55a7ff; stroke-width: 1 } .located { stroke: #ff4d8d }
 .strip, .scores { display: block; width: 704px; image-rendering: pixelated } .strip { margin-top: .4rem }
 code { font-size: 1.05rem; white-space: pre } .aside { color: #9aa0a8 }
</style>
<h1>{{len .}} pictures</h1>
<p class="aside">Green: the true outline. Orange: the answer. Pink: what was located at first. Blue: the strips that were read. Under each strip its column
scores, digits 0 to 9 from top to bottom.</p>
{{range .}}<section>
<h2>{{.Name}}: {{or .What "right"}} <span class="aside">{{.Notes}}</span></h2>
<svg width="{{.Width}}" height="{{.Height}}" viewBox="0 0 {{.Width}} {{.Height}}">
<image href="{{.Picture}}" width="{{.Width}}" height="{{.Height}}"/>
{{range .Located}}<polygon class="located" points="{{.}}"/>{{end}}{{range .Cuts}}<polygon class="cut" points="{{.}}"/>{{end}}
{{with .True}}<polygon class="true" points="{{.}}"/>{{end}}{{with .Answer}}<polygon class="answer" points="{{.}}"/>{{end}}
</svg>
<div><code>{{.Want}} wanted
{{.Got}} read, confidence {{printf "%.3f" .Confidence}}</code>
{{range .Tries}}<p><code>{{.Number}}</code> {{printf "%.3f" .Confidence}}</p>
{{range .Strips}}<img class="strip" src="{{.Picture}}" alt="strip"><img class="scores" src="{{.Scores}}" alt="its column scores">{{end}}{{end}}
</div></section>
{{end}}</html>
`
