package picture

import (
	"bytes"
	"slices"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestASequentialFileCodesEachComponentOnce: 31 scans of the largest picture fit into a file that is allowed, and decoding all
// of them takes a core 31 times as long as any real picture does.
func TestASequentialFileCodesEachComponentOnce(t *testing.T) {
	for name, ids := range map[string]string{"luma and chroma": "\x01\x02\x03", "red, green and blue": "RGB"} {
		for scans, want := range map[string]bool{ids: true, ids + ids[:1]: false, ids[:1] + ids: false} {
			file := sequential(ids, scans)
			h, err := Inspect(file, cardpp.ParamFile)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Decode(file, h, cardpp.ParamFile); (err == nil) != want {
				t.Errorf("%s in %d scans: %v", name, len(scans), err)
			}
		}
	}
}

// sequential is a file of 160 × 160 gray pixels, with a scan for each component listed.
func sequential(ids, scans string) []byte {
	segment := func(marker byte, parts ...[]byte) []byte {
		b := slices.Concat(parts...)
		return append([]byte{0xff, marker, 0, byte(len(b) + 2)}, b...)
	}
	oneCode := func(table byte) []byte { // a bit 0, for "nothing differs" and "nothing more"
		return segment(markerDHT, []byte{table, 1}, make([]byte, 15), []byte{0})
	}
	header := []byte{8, 0, 160, 0, 160, byte(len(ids))}
	for _, id := range []byte(ids) {
		header = append(header, id, 0x11, 0)
	}
	file := slices.Concat([]byte{0xff, markerSOI}, segment(0xdb, []byte{0}, bytes.Repeat([]byte{1}, 64)),
		segment(markerSOF0, header), oneCode(0x00), oneCode(0x10))
	for _, id := range []byte(scans) {
		file = slices.Concat(file, segment(markerSOS, []byte{1, id, 0, 0, 63, 0}), make([]byte, 20*20*2/8))
	}
	return append(file, 0xff, markerEOI)
}
