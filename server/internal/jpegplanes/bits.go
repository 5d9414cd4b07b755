package jpegplanes

// bitReader reads entropy-coded data, the most significant bit first. A zero byte after 0xff is stuffing (F.1.2.3); any
// other byte there is a marker, where the data ends.
type bitReader struct {
	data  []byte
	pos   int
	acc   uint64 // the last n bits are unread
	n     int
	short bool // more was read than there is
}

// fill keeps at least 32 bits ready, as long as there are any.
func (r *bitReader) fill() {
	for r.n <= 56 && r.pos < len(r.data) {
		b := r.data[r.pos]
		if b == 0xff {
			if r.pos+1 >= len(r.data) || r.data[r.pos+1] != 0 {
				return
			}
			r.pos++
		}
		r.pos++
		r.acc, r.n = r.acc<<8|uint64(b), r.n+8
	}
}

// peek returns the next k bits, k ≤ 16, with zeros behind the end.
func (r *bitReader) peek(k int) int {
	if r.n < k {
		if r.fill(); r.n < k {
			return int(r.acc<<(k-r.n)) & (1<<k - 1)
		}
	}
	return int(r.acc>>(r.n-k)) & (1<<k - 1)
}

func (r *bitReader) skip(k int) {
	if r.n -= k; r.n < 0 {
		r.n, r.short = 0, true
	}
}

// take reads k bits, k ≤ 16.
func (r *bitReader) take(k int) int {
	v := r.peek(k)
	r.skip(k)
	return v
}

// extend reads a number of k bits whose leading bit tells its sign (F.2.2.1, EXTEND).
func (r *bitReader) extend(k int) int {
	if k == 0 {
		return 0
	}
	v := r.take(k)
	if v < 1<<(k-1) {
		v += 1 - 1<<k
	}
	return v
}

// restart drops what is left before a restart marker and steps over it. It reports false where there is none.
func (r *bitReader) restart() bool {
	r.acc, r.n = 0, 0
	for r.pos+1 < len(r.data) && r.data[r.pos] == 0xff && r.data[r.pos+1] == 0xff { // fill bytes
		r.pos++
	}
	if r.pos+1 >= len(r.data) || r.data[r.pos] != 0xff || r.data[r.pos+1] < rst0 || r.data[r.pos+1] > rst7 {
		return false
	}
	r.pos += 2
	return true
}

// skipScan returns what follows entropy-coded data.
func skipScan(b []byte) []byte {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xff && b[i+1] != 0 && b[i+1] != 0xff && (b[i+1] < rst0 || b[i+1] > rst7) {
			return b[i:]
		}
	}
	return nil
}

// lookBits is the length of codes that are found in one step.
const lookBits = 9

// huffman is a table of codes of up to 16 bits (annex C).
type huffman struct {
	look   [1 << lookBits]uint16 // value<<8 | length of the code that begins like this; 0 for longer ones
	most   [17]int               // largest code of each length; -1 for none
	shift  [17]int               // index of a length's first value, less its first code
	values []byte
}

func newHuffman(counts, values []byte) (*huffman, error) {
	h := &huffman{values: append([]byte(nil), values...)}
	code, index := 0, 0
	for length := 1; length <= 16; length++ {
		n := int(counts[length-1])
		if code+n > 1<<length {
			return nil, ErrFormat
		}
		h.shift[length], h.most[length] = index-code, code+n-1
		if n == 0 {
			h.most[length] = -1
		}
		for i := range n {
			h.note(code+i, length, values[index+i])
		}
		code, index = (code+n)<<1, index+n
	}
	return h, nil
}

// note enters a short code at all places that begin with it.
func (h *huffman) note(code, length int, value byte) {
	if length > lookBits {
		return
	}
	free := lookBits - length
	for i := range 1 << free {
		h.look[code<<free|i] = uint16(value)<<8 | uint16(length)
	}
}

// decode reads one value.
func (r *bitReader) decode(h *huffman) (byte, bool) {
	if e := h.look[r.peek(lookBits)]; e != 0 {
		r.skip(int(e & 255))
		return byte(e >> 8), !r.short
	}
	code := r.peek(16)
	for length := lookBits + 1; length <= 16; length++ {
		if c := code >> (16 - length); c <= h.most[length] {
			r.skip(length)
			return h.values[h.shift[length]+c], !r.short
		}
	}
	return 0, false
}
