package slim

// Memory: the module's initial memory, put together from its segments, and taken apart again into fewer.

import (
	"bytes"
	"encoding/binary"
)

// memory holds what lies from address base on.
type memory struct {
	base  int
	bytes []byte
}

// largest is more memory than a page's module would ever begin with; it bounds what a broken file makes this program use.
const largest = 1 << 28

// An active segment of memory 0 is a 0, the instructions "i32.const address, end", and a vector of bytes (5.5.14).
const (
	constant = 0x41
	end      = 0x0b
)

func parseMemory(body []byte) (memory, error) {
	type segment struct {
		at   int
		data []byte
	}
	var segments []segment
	r := reader{rest: body}
	m := memory{base: largest}
	last := 0
	for n := r.unsigned(); n > 0 && !r.short; n-- {
		if r.byte() != 0 || r.byte() != constant {
			return m, FormatError("a segment of another kind")
		}
		s := segment{at: r.signed()}
		if r.byte() != end || s.at < 0 {
			return m, FormatError("a segment of another kind")
		}
		s.data = r.bytes(r.unsigned())
		m.base, last = min(m.base, s.at), max(last, s.at+len(s.data))
		segments = append(segments, s)
	}
	if r.short || len(segments) == 0 || last > largest {
		return m, FormatError("segments that can't be read")
	}
	m.bytes = make([]byte, last-m.base)
	for _, s := range segments {
		to := m.bytes[s.at-m.base:][:len(s.data)]
		if len(bytes.Trim(to, "\x00")) != 0 {
			return m, FormatError("segments that overlap")
		}
		copy(to, s.data)
	}
	return m, nil
}

// gap is how many zeros are left out between two segments: so many that they take time to write, few enough that hardly any
// segment is made.
const gap = 1024

// segments returns the body of a data section.
func (m memory) segments() []byte {
	var out []byte
	n := 0
	zeros := make([]byte, gap)
	for at, rest := m.base, m.bytes; ; n++ {
		trimmed := bytes.TrimLeft(rest, "\x00")
		at += len(rest) - len(trimmed)
		if rest = trimmed; len(rest) == 0 {
			break
		}
		size := bytes.Index(rest, zeros)
		if size < 0 {
			size = len(bytes.TrimRight(rest, "\x00"))
		}
		out = append(out, 0, constant)
		out = append(appendSigned(out, at), end)
		out = append(binary.AppendUvarint(out, uint64(size)), rest[:size]...)
		at, rest = at+size, rest[size:]
	}
	return append(binary.AppendUvarint(nil, uint64(n)), out...)
}
