package jpegplanes

import (
	"bytes"
	"encoding/binary"
)

// Markers of T.81, table B.1.
const (
	tem              = 0x01
	sof0, sof1, sof2 = 0xc0, 0xc1, 0xc2
	dht              = 0xc4
	rst0, rst7       = 0xd0, 0xd7
	soi, eoi         = 0xd8, 0xd9
	sos, dqt, dri    = 0xda, 0xdb, 0xdd
	app0, app14      = 0xe0, 0xee
)

// tables are what segments set for the scans that follow.
type tables struct {
	quants  [4]*[64]uint16
	huffs   [2][4]*huffman // DC, AC
	restart int            // units between restart markers; 0 for none
}

// walk goes through a file's segments. The first walk of a progressive file only reads its header; each later one
// collects the coefficients of one component. A sequential file is decoded in one walk.
func (d *decoder) walk(file []byte) error {
	d.tables, d.scans = tables{}, 0
	rest, ok := bytes.CutPrefix(file, []byte{0xff, soi})
	for ok {
		var marker byte
		var segment []byte
		marker, segment, rest, ok = NextSegment(rest)
		if !ok {
			break
		}
		var err error
		switch marker {
		case sof0, sof1, sof2:
			err = d.readFrame(marker, segment)
		case dht:
			err = d.readHuffman(segment)
		case dqt:
			err = d.readQuants(segment)
		case dri:
			err = d.readRestart(segment)
		case app0:
			d.jfif = d.jfif || bytes.HasPrefix(segment, []byte("JFIF\x00"))
		case app14:
			d.readAdobe(segment)
		case sos:
			if d.progressive && d.want == nil {
				return nil
			}
			rest, err = d.readScan(segment, rest)
		case eoi:
			if d.scans == 0 {
				return ErrFormat
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ErrFormat
}

// NextSegment reads one marker and its segment, which is empty for those that stand alone (B.1.1.3). Bytes between segments that
// are no marker are skipped, as other decoders do, and so are restart markers that belong to no scan.
func NextSegment(b []byte) (marker byte, segment, rest []byte, ok bool) {
	for {
		i := bytes.IndexByte(b, 0xff)
		if i < 0 || i+1 >= len(b) {
			return 0, nil, nil, false
		}
		marker, b = b[i+1], b[i+1:]
		if marker != 0xff && marker != 0 && (marker < rst0 || marker > rst7) {
			break
		}
	}
	if b = b[1:]; marker == tem || marker == eoi {
		return marker, nil, b, true
	}
	if len(b) < 2 {
		return 0, nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if n < 2 || n > len(b) {
		return 0, nil, nil, false
	}
	return marker, b[2:n], b[n:], true
}

// readFrame reads the frame header (B.2.2): once.
func (d *decoder) readFrame(marker byte, b []byte) error {
	if d.want != nil {
		return nil // known from the first walk
	}
	if d.components != nil || len(b) < 6 || b[0] != 8 || len(b) != 6+3*int(b[5]) {
		return ErrFormat
	}
	d.progressive = marker == sof2
	d.height, d.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if n := b[5]; d.width == 0 || d.height == 0 || n != 1 && n != 3 && n != 4 {
		return ErrFormat
	}
	for i := 6; i < len(b); i += 3 {
		c := &component{id: b[i], h: int(b[i+1] >> 4), v: int(b[i+1] & 15), selector: b[i+2]}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.selector > 3 {
			return ErrFormat
		}
		d.components = append(d.components, c)
		d.hMax, d.vMax = max(d.hMax, c.h), max(d.vMax, c.v)
	}
	d.layOut()
	return nil
}

// layOut computes how many blocks each component has (A.2.2 to A.2.4).
func (d *decoder) layOut() {
	if len(d.components) == 1 { // a lone component isn't interleaved: its factors mean nothing
		d.components[0].h, d.components[0].v, d.hMax, d.vMax = 1, 1, 1, 1
	}
	for i, c := range d.components {
		c.columns = ceil(ceil(d.width*c.h, d.hMax), 8)
		c.rows = ceil(ceil(d.height*c.v, d.vMax), 8)
		c.stride = ceil(d.width, 8*d.hMax) * c.h
		c.blocks = ceil(d.height, 8*d.vMax) * c.v * c.stride
		c.halved = i > 0 && len(d.components) == 3 && d.ycc() && c.h == d.hMax && c.v == d.vMax
		c.plane = d.planeOfSequential(c)
	}
}

// ycc reports whether three components are luma and chroma, as JFIF has them, rather than red, green and blue.
func (d *decoder) ycc() bool {
	switch {
	case d.jfif:
		return true
	case d.adobe >= 0:
		return d.adobe != 0
	}
	c := d.components
	return c[0].id != 'R' || c[1].id != 'G' || c[2].id != 'B'
}

// readQuants reads quantization tables (B.2.4.1), which come in zigzag order.
func (d *decoder) readQuants(b []byte) error {
	for len(b) > 0 {
		wide, id := int(b[0]>>4), b[0]&15
		if wide > 1 || id > 3 || len(b) < 1+64*(1+wide) {
			return ErrFormat
		}
		b = b[1:]
		q := new([64]uint16)
		for i, at := range zigzag {
			if wide == 1 {
				q[at] = binary.BigEndian.Uint16(b[2*i:])
			} else {
				q[at] = uint16(b[i])
			}
		}
		d.quants[id], b = q, b[64*(1+wide):]
	}
	return nil
}

// readHuffman reads Huffman tables (B.2.4.2).
func (d *decoder) readHuffman(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 || b[0]>>4 > 1 || b[0]&15 > 3 {
			return ErrFormat
		}
		n := 0
		for _, c := range b[1:17] {
			n += int(c)
		}
		if n > 256 || len(b) < 17+n {
			return ErrFormat
		}
		h, err := newHuffman(b[1:17], b[17:17+n])
		if err != nil {
			return err
		}
		d.huffs[b[0]>>4][b[0]&15], b = h, b[17+n:]
	}
	return nil
}

func (d *decoder) readRestart(b []byte) error {
	if len(b) != 2 {
		return ErrFormat
	}
	d.restart = int(binary.BigEndian.Uint16(b))
	return nil
}

// readAdobe reads the colour transform of Adobe's marker (Adobe technical note 5116).
func (d *decoder) readAdobe(b []byte) {
	if len(b) >= 12 && string(b[:5]) == "Adobe" {
		d.adobe = int(b[11])
	}
}

func ceil(a, b int) int { return (a + b - 1) / b }

// zigzag gives the natural position of each coefficient as it comes (figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}
