package recognize_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"

	"ocrbankcard/internal/neural"
	"ocrbankcard/internal/recognize"
	"ocrbankcard/internal/recognize/weights"
)

// Who changes a net and exports it is told at once; the engine would else panic in the middle of a picture.
func TestNetsOfOtherSizesAreRefused(t *testing.T) {
	for name, change := range map[string]func(file []byte){
		"a locator that sees more":  func(f []byte) { setAfter(f, "locator", 2, 192) },
		"a reader of shorter lines": func(f []byte) { setAfter(f, "reader", 4, 320) },
		"a reader of other classes": func(f []byte) { binary.LittleEndian.PutUint16(f[packedLength(f)-2:], 1) },
	} {
		file := bytes.Clone(weights.Data)
		change(file)
		binary.LittleEndian.PutUint32(file[8:], crc32.ChecksumIEEE(file[12:]))
		if _, err := recognize.New(file); !errors.As(err, new(neural.ShapeError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// setAfter sets a field of a network's header, so many bytes after its name: channels, height, width (neural/doc.go).
func setAfter(file []byte, name string, at int, v uint16) {
	i := bytes.Index(file, []byte(name))
	binary.LittleEndian.PutUint16(file[i+len(name)+at:], v)
}

// packedLength is the place of the last network's length of its packed weights; its last output stands before it.
func packedLength(file []byte) int {
	for at := len(file) - 4; ; at-- {
		if at+4+int(binary.LittleEndian.Uint32(file[at:])) == len(file) {
			return at
		}
	}
}
