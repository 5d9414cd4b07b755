package picture

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestASecondHeaderIsRefused: the header counts that was checked. Decoding by another one, which may be short, panicked.
func TestASecondHeaderIsRefused(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 128, 128))); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	const after = 8 + 12 + 13 // signature, and the first chunk
	for name, data := range map[string][]byte{
		"empty":           nil,
		"an unknown type": {0, 0, 0, 128, 0, 0, 0, 128, 8, 1, 0, 0, 0},
		"another depth":   {0, 0, 0, 128, 0, 0, 0, 128, 16, 6, 0, 0, 0},
	} {
		damaged := bytes.Join([][]byte{file[:after], chunk(nil, "IHDR", data), file[after:]}, nil)
		var refused *cardpp.Error
		if _, err := Inspect(damaged, cardpp.ParamFile); !errors.As(err, &refused) || refused.Code != cardpp.UnsupportedFormat {
			t.Errorf("%s: %v", name, err)
		}
	}
}
