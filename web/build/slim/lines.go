package slim

// Lines: the runtime's table of functions (cmd/link's "pclntab", runtime/symtab.go), from which it unwinds stacks. It needs
// the sizes of frames and the maps of pointers in there; files, lines and most names are for people.

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
)

// lines is the table, and where its parts begin in it; each ends where the next begins.
type lines struct {
	table                              []byte
	count                              int
	names, units, files, codes, functs int
}

// The table's header begins with this number (internal/abi.Go120PCLnTabMagic), two zeros, the size of an instruction and
// that of a pointer. Eight words follow: the numbers of functions and of files, one unused, and where the parts begin.
var magic = []byte("\xf1\xff\xff\xff\x00\x00\x01\x08")

func findLines(mem []byte) (lines, error) {
	at := bytes.Index(mem, magic)
	if at < 0 || len(mem) < at+72 {
		return lines{}, FormatError("no table of functions that this program knows")
	}
	l := lines{table: mem[at:]}
	word := func(i int) int { return int(binary.LittleEndian.Uint32(l.table[8+8*i:])) }
	l.count, l.names, l.units, l.files, l.codes, l.functs = word(0), word(3), word(4), word(5), word(6), word(7)
	ordered := 72 <= l.names && l.names <= l.units && l.units <= l.files && l.files <= l.codes && l.codes <= l.functs
	if !ordered || l.functs+8*l.count+4 > len(l.table) {
		return lines{}, FormatError("a table of functions of another kind")
	}
	return l, nil
}

// Fields of a function's entry (runtime._func), by their offset: three tables of values by code address, of which pcsp is
// the size of the frame; how many more tables there are, and how many pieces of data; then those tables and those data.
const (
	pcsp, pcfile, pcln, tables = 16, 20, 24, 28
	startLine                  = 36
	pieces, more               = 43, 44
)

// The pieces of data (internal/abi.FUNCDATA_ArgInfo and FUNCDATA_ArgLiveInfo) by which a crash prints a call's arguments.
const argInfo, argLiveInfo = 5, 6

// dropPositions forgets files and lines, and the arguments of calls: an argument may be a card's number. To the runtime a
// table at 0 is none, and data at the largest offset.
func (l *lines) dropPositions() error {
	needed := make([]bool, l.functs-l.codes)
	var unneeded []int
	for i := range l.count {
		f, err := l.function(i)
		if err != nil {
			return err
		}
		field := func(at int) int { return int(binary.LittleEndian.Uint32(f[at:])) }
		unneeded = append(unneeded, field(pcfile), field(pcln))
		used := []int{field(pcsp)}
		data := more + 4*field(tables)
		if data+4*int(f[pieces]) > len(f) {
			return FormatError("an entry of a function that ends too early")
		}
		for at := more; at < data; at += 4 {
			used = append(used, field(at))
		}
		for j := argInfo; j < min(int(f[pieces]), argLiveInfo+1); j++ {
			binary.LittleEndian.PutUint32(f[data+4*j:], math.MaxUint32)
		}
		for _, at := range used {
			size, err := l.size(at)
			if err != nil {
				return err
			}
			for k := range size {
				needed[at+k] = true
			}
		}
		clear(f[pcfile:tables])
		clear(f[startLine:][:4])
	}
	for _, at := range unneeded {
		size, err := l.size(at)
		if err != nil {
			return err
		}
		for k := at; k < at+size; k++ {
			if !needed[k] {
				l.table[l.codes+k] = 0
			}
		}
	}
	clear(l.table[l.units:l.codes])
	return nil
}

// function returns function i's entry, and what follows it.
func (l *lines) function(i int) ([]byte, error) {
	at := l.functs + int(binary.LittleEndian.Uint32(l.table[l.functs+8*i+4:]))
	if at+more > len(l.table) {
		return nil, FormatError("a function without its entry")
	}
	return l.table[at:], nil
}

// size returns the length of a table of values by code address: pairs of differences, of values and of addresses, up to a
// difference of values that is zero and not the first.
func (l *lines) size(at int) (int, error) {
	if at == 0 {
		return 0, nil
	}
	if at > l.functs-l.codes {
		return 0, FormatError("a table beyond the tables")
	}
	r := reader{rest: l.table[l.codes+at : l.functs]}
	whole := len(r.rest)
	for first := true; r.unsigned() != 0 || first; first = false {
		r.unsigned()
		if r.short {
			return 0, FormatError("a table without an end")
		}
	}
	return whole - len(r.rest), nil
}

// dropNames overwrites what functions are called by zeros, but for their package and type: the runtime knows its own by the
// former, and wants a method's name to have the latter (runtime.isSystemGoroutine, runtime.panicwrap).
func (l *lines) dropNames(named []string) {
	for names := l.table[l.names:l.units]; len(names) > 0; {
		size := bytes.IndexByte(names, 0)
		if size < 0 {
			return
		}
		name := string(names[:size])
		if !keeps(name, named) {
			clear(names[len(owner(name)):size])
		}
		names = names[size+1:]
	}
}

func keeps(name string, named []string) bool {
	for _, prefix := range named {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// owner returns the part of a function's name that comes before its own: "path/pkg." or "path/pkg.(*T)."
func owner(name string) string {
	plain, _, _ := strings.Cut(name, "[")
	slash := strings.LastIndexByte(plain, '/') + 1
	dot := slash + strings.IndexByte(plain[slash:], '.') + 1
	if strings.HasPrefix(plain[dot:], "(") {
		if i := strings.Index(plain[dot:], ")."); i > 0 {
			return plain[:dot+i+2]
		}
		return name // a type with parameters, say
	}
	return plain[:dot]
}
