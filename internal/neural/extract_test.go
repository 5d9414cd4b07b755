package neural

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

func TestExtractedNetworksAreTheSame(t *testing.T) {
	file := readEvery(t)
	var parts [][]byte
	for _, name := range []string{"every", "second"} {
		part, err := Extract(file, name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(part)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(namesOf(m), []string{name}) {
			t.Errorf("%s alone holds %v", name, namesOf(m))
		}
		parts = append(parts, part[headerSize:])
	}
	if !bytes.Equal(slices.Concat(parts...), file[headerSize:]) {
		t.Error("the parts are not the whole")
	}
	if whole, err := Extract(file, "second", "every"); err != nil || !bytes.Equal(whole, file) {
		t.Errorf("all of the file's networks are not the file: %v", err)
	}
	if _, err := Extract(file, "every", "gone"); !errors.As(err, new(ShapeError)) {
		t.Errorf("a network that is not there: %v", err)
	}
	if _, err := Extract(file[:len(file)-1], "every"); !errors.As(err, new(FormatError)) {
		t.Errorf("a file cut short: %v", err)
	}
}
