package synth

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestPhotosComeFromFolders(t *testing.T) {
	dir := t.TempDir()
	p, err := LoadPhotos(filepath.Join(dir, "none"))
	if err != nil || p.Count() != 0 {
		t.Fatalf("a folder that does not exist gives %d photographs, %v", p.Count(), err)
	}
	f, err := os.Create(filepath.Join(dir, "a.png"))
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewRGBA(image.Rect(0, 0, 1200, 300))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * 7)
	}
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p, err = LoadPhotos(dir)
	if err != nil || p.Count() != 1 || p.all[0].w != photoSide {
		t.Fatalf("%d photographs, %v", p.Count(), err)
	}
	DrawScene(sceneSeed(2), SceneOptions{Width: 160, Height: 120, Kind: Photo, Photos: p})
	if err := os.WriteFile(filepath.Join(dir, "b.jpg"), []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadPhotos(dir); err == nil {
		t.Error("a damaged photograph passes in silence")
	}
}

// Every texture must give finite light without a negative value, near and far.
func TestTexturesGiveLight(t *testing.T) {
	xs, ys := make([]float32, 64), make([]float32, 64)
	for i := range xs {
		xs[i], ys[i] = float32(i*i)-900, 700-float32(3*i)
	}
	out := make([]float32, 3*len(xs))
	for seed := range uint64(80) {
		tex := anyTexture(sceneSeed(seed))
		for _, foot := range []float32{0.02, 0.5, 20} {
			tex.shade(out, xs, ys, foot)
			for i, v := range out {
				if !(v >= 0 && v < 10) {
					t.Fatalf("texture %d (%T) gives %v at (%v, %v)", seed, tex, v, xs[i/3], ys[i/3])
				}
			}
		}
	}
}

// Noise tiles repeat without a seam and use their whole range.
func TestTilesRepeat(t *testing.T) {
	for name, tile := range map[string]*noiseTile{"cloud": cloudTile(), "grain": grainTile(), "vein": veinTile(), "cell": cellTile()} {
		for _, u := range []float32{0.3, 17.8, 400.1} {
			if a, b := tile.at(u, 5.5), tile.at(u-tileSize, 5.5+tileSize); abs32(a-b) > 1e-3 {
				t.Errorf("%s: %v and %v one period on", name, a, b)
			}
		}
		low, high := 0, 0
		for _, v := range tile {
			if v < 0.1 {
				low++
			}
			if v > 0.9 {
				high++
			}
		}
		if low < 100 || high < 100 {
			t.Errorf("%s: %d texels near 0, %d near 1", name, low, high)
		}
	}
}
