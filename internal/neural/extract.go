package neural

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// Extract returns a weight file of some of a file's networks alone, in the file's order, so that each can be fetched when it
// is needed. The error is that of Parse, or a ShapeError when a name is missing.
func Extract(file []byte, names ...string) ([]byte, error) {
	body, count, err := parseHeader(file)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(file[:headerSize])
	r, found := &reader{rest: body}, 0
	for range count {
		start := r.rest
		n, err := parseNet(r)
		if err != nil {
			return nil, err
		}
		if slices.Contains(names, n.Name) {
			out = append(out, start[:len(start)-len(r.rest)]...)
			found++
		}
	}
	if found != len(names) {
		return nil, ShapeError("the weights lack one of the networks asked for")
	}
	binary.LittleEndian.PutUint16(out[6:], uint16(found))
	binary.LittleEndian.PutUint32(out[8:], crc32.ChecksumIEEE(out[headerSize:]))
	return out, nil
}
