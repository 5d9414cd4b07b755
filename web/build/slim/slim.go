// Package slim makes a WebAssembly module of the Go linker smaller to download, without a change to what it does.
//
// The linker writes initial memory as tens of thousands of short segments, one between any two zeros that stand together,
// each with an address of its own: compression does better with the zeros. And it writes tables that say, for each
// instruction, in which file and line its source stands, which only a crash would print. What remains for a crash to print
// is the names of the functions of chosen packages, and the packages of all others.
package slim

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Module returns a slim copy of a module made by cmd/link for GOOS=js. The functions of packages whose path begins with one
// of named keep their names. The error says that this is no such module, or one of a linker that this package doesn't know.
func Module(module []byte, named ...string) ([]byte, error) {
	sections, err := parse(module)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(sections, func(s section) bool { return s.id == dataSection })
	if i < 0 {
		return nil, FormatError("no data section")
	}
	m, err := parseMemory(sections[i].body)
	if err != nil {
		return nil, err
	}
	lines, err := findLines(m.bytes)
	if err != nil {
		return nil, err
	}
	if err := lines.dropPositions(); err != nil {
		return nil, err
	}
	lines.dropNames(named)
	sections[i].body = m.segments()
	return join(sections), nil
}

// FormatError says what is wrong with a module.
type FormatError string

func (e FormatError) Error() string { return "slim: not a module of the Go linker: " + string(e) }

// The sections that matter here, by their numbers (WebAssembly core specification, 5.5.2).
const (
	codeSection = 10
	dataSection = 11
)

type section struct {
	id   byte
	body []byte
}

var header = []byte("\x00asm\x01\x00\x00\x00")

func parse(module []byte) ([]section, error) {
	if !bytes.HasPrefix(module, header) {
		return nil, FormatError("no WebAssembly of version 1")
	}
	r := reader{rest: module[len(header):]}
	var sections []section
	for len(r.rest) > 0 && !r.short {
		id := r.byte()
		sections = append(sections, section{id, r.bytes(r.unsigned())})
	}
	if r.short {
		return nil, FormatError("it ends too early")
	}
	return sections, nil
}

// Code returns where a module's code section begins, or 0 for what is no module or has none.
func Code(module []byte) int {
	if !bytes.HasPrefix(module, header) {
		return 0
	}
	r := reader{rest: module[len(header):]}
	for len(r.rest) > 0 {
		at := len(module) - len(r.rest)
		id := r.byte()
		if r.bytes(r.unsigned()); id == codeSection && !r.short {
			return at
		}
	}
	return 0
}

func join(sections []section) []byte {
	out := slices.Clone(header)
	for _, s := range sections {
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(s.body)))
		out = append(out, s.body...)
	}
	return out
}

// reader takes numbers from the front of rest; once they run out, short is set and every number is zero.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.short, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// unsigned reads an unsigned LEB128 number (5.2.2).
func (r *reader) unsigned() int {
	v, n := binary.Uvarint(r.rest)
	r.bytes(max(n, 1))
	return int(v)
}

// signed reads a signed one, whose sign is its last byte's second bit.
func (r *reader) signed() int {
	v, shift := 0, 0
	for {
		b := r.byte()
		v |= int(b&0x7f) << shift
		if shift += 7; b < 0x80 || shift > 35 {
			if b&0x40 != 0 {
				v -= 1 << shift
			}
			return v
		}
	}
}

func appendSigned(out []byte, v int) []byte {
	for v < -0x40 || v >= 0x40 {
		out = append(out, byte(v)|0x80)
		v >>= 7
	}
	return append(out, byte(v)&0x7f)
}
