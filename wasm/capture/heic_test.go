package capture

import "testing"

func TestHEICIsKnownByItsContent(t *testing.T) {
	for head, want := range map[string]bool{
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic": true,
		"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic": true,
		"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isomheic": true,
		"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2": false,
		"\xff\xd8\xff\xe0\x00\x10JFIF":                     false,
		"ftypheic":                                         false,
		"":                                                 false,
	} {
		if got := isHEIC([]byte(head)); got != want {
			t.Errorf("%q: %v", head, got)
		}
	}
}
