// Photographs as backdrops, where training finds some: wallpapers that Debian packages. Tests and specimens need none.

package synth

import (
	"image"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "image/jpeg" // wallpapers come as JPEG
	_ "image/png"  // and as PNG
)

// photoSide is the longer side to which photographs are shrunk, in pixels.
const photoSide = 900

// Photos are pictures that scenes may use as tables and rooms. nil holds none.
type Photos struct{ all []*raster }

// LoadPhotos reads the JPEG and PNG pictures below the folders, in the order of their paths. Folders that do not exist
// hold none; pictures that cannot be read are an error.
func LoadPhotos(dirs ...string) (*Photos, error) {
	p := new(Photos)
	for _, dir := range dirs {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			continue
		}
		var files []string
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && slices.Contains([]string{".jpg", ".jpeg", ".png"}, strings.ToLower(filepath.Ext(path))) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, path := range files {
			t, err := loadPhoto(path)
			if err != nil {
				return nil, err
			}
			p.all = append(p.all, t)
		}
	}
	return p, nil
}

// Count returns how many photographs there are.
func (p *Photos) Count() int {
	if p == nil {
		return 0
	}
	return len(p.all)
}

func loadPhoto(path string) (*raster, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, _, err := image.Decode(f)
	if err != nil {
		return nil, &fs.PathError{Op: "decode", Path: path, Err: err}
	}
	b := m.Bounds()
	p := NewRGB(b.Dx(), b.Dy())
	for y := range p.Height {
		for x := range p.Width {
			r, g, bl, _ := m.At(b.Min.X+x, b.Min.Y+y).RGBA()
			p.Set(x, y, uint8(r>>8), uint8(g>>8), uint8(bl>>8))
		}
	}
	return newRaster(p, float64(max(p.Width, p.Height))/photoSide), nil
}

// texture lays a photograph on a plane, at a random place and scale, repeated where it ends. There must be one.
func (p *Photos) texture(r *rand.Rand) texture {
	t := p.all[r.IntN(len(p.all))]
	scale := float32(between(r, 1.2, 5)) // texels a millimetre
	return &picture{raster: t, x0: float32(between(r, 0, 1)) * float32(t.w) / scale, y0: float32(between(r, 0, 1)) * float32(t.h) / scale,
		scale: scale, tiles: true, gain: tint{1, 1, 1}}
}
