package jpegplanes

// scan is one scan's header (B.2.3).
type scan struct {
	components []*component
	start, end int // of the coefficients, in zigzag order
	high, low  int // bit positions of the step before and of this one
}

// readScan reads a scan's header and decodes its data; rest is what follows the header, and then what follows the data.
func (d *decoder) readScan(b, rest []byte) ([]byte, error) {
	most := maxScans
	if !d.progressive { // each component is coded by one scan
		most = len(d.components)
	}
	if d.scans++; d.scans > most || d.components == nil {
		return nil, ErrFormat
	}
	s, err := d.scanHeader(b)
	if err != nil {
		return nil, err
	}
	if d.progressive && s.start > 0 && s.components[0] != d.want {
		return skipScan(rest), nil
	}
	d.bits, d.eobRun = bitReader{data: rest}, 0
	for _, c := range s.components {
		c.dc = 0
	}
	if err := d.decodeScan(s); err != nil {
		return nil, err
	}
	return skipScan(rest[d.bits.pos:]), nil
}

func (d *decoder) scanHeader(b []byte) (s scan, err error) {
	if len(b) < 1 || len(b) != 4+2*int(b[0]) {
		return s, ErrFormat
	}
	for i := 1; i < len(b)-3; i += 2 {
		c := d.component(b[i])
		if c == nil || b[i+1]>>4 > 3 || b[i+1]&15 > 3 {
			return s, ErrFormat
		}
		c.dcTable, c.acTab = b[i+1]>>4, b[i+1]&15
		if c.quant == nil {
			c.quant = d.quants[c.selector]
		}
		if c.quant == nil {
			return s, ErrFormat
		}
		s.components = append(s.components, c)
	}
	tail := b[len(b)-3:]
	s.start, s.end, s.high, s.low = int(tail[0]), int(tail[1]), int(tail[2]>>4), int(tail[2]&15)
	if !d.progressive {
		s.start, s.end, s.high, s.low = 0, 63, 0, 0
	}
	if len(s.components) == 0 || !d.legal(s) {
		return s, ErrFormat
	}
	return s, nil
}

// legal checks the spectral selection and approximation (G.1.1.1).
func (d *decoder) legal(s scan) bool {
	if !d.progressive {
		return d.haveTables(s, true, true)
	}
	if s.low > 13 || s.high > 13 || s.high != 0 && s.high != s.low+1 {
		return false
	}
	if s.start == 0 {
		return s.end == 0 && d.haveTables(s, s.high == 0, false)
	}
	return s.start <= s.end && s.end < 64 && len(s.components) == 1 && d.haveTables(s, false, true)
}

func (d *decoder) haveTables(s scan, dc, ac bool) bool {
	for i, c := range s.components {
		if dc && d.huffs[0][c.dcTable] == nil || ac && d.huffs[1][c.acTab] == nil {
			return false
		}
		for _, other := range s.components[:i] {
			if other == c {
				return false
			}
		}
	}
	return true
}

func (d *decoder) component(id byte) *component {
	for _, c := range d.components {
		if c.id == id {
			return c
		}
	}
	return nil
}

// decodeScan goes through the scan's units: a block of a lone component, or as many blocks of each as its sampling
// factors say (A.2.3).
func (d *decoder) decodeScan(s scan) error {
	alone := len(s.components) == 1
	columns, rows := ceil(d.width, 8*d.hMax), ceil(d.height, 8*d.vMax)
	if alone {
		columns, rows = s.components[0].columns, s.components[0].rows
	}
	for unit := range columns * rows {
		if d.restart > 0 && unit > 0 && unit%d.restart == 0 {
			if !d.bits.restart() {
				return ErrFormat
			}
			d.eobRun = 0
			for _, c := range s.components {
				c.dc = 0
			}
		}
		x, y := unit%columns, unit/columns
		for _, c := range s.components {
			if alone {
				if err := d.decodeBlock(s, c, y*c.stride+x); err != nil {
					return err
				}
				continue
			}
			for i := range c.h * c.v {
				if err := d.decodeBlock(s, c, (y*c.v+i/c.h)*c.stride+x*c.h+i%c.h); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// decodeBlock decodes what a scan says about one block.
func (d *decoder) decodeBlock(s scan, c *component, index int) error {
	var ok bool
	var own [64]int16
	switch {
	case !d.progressive:
		if ok = d.sequential(c, &own); ok {
			d.render(c, index, &own)
		}
	case c != d.want:
		ok = d.dcScan(s, c, &own) // read, and forgotten
	case s.start == 0:
		ok = d.dcScan(s, c, d.block(index).coefs)
	case s.high == 0:
		ok = d.acFirst(s, c, d.block(index))
	default:
		ok = d.acRefine(s, c, d.block(index))
	}
	if !ok || d.bits.short {
		return ErrFormat
	}
	return nil
}

// sequential decodes all coefficients of a block (F.2.2).
func (d *decoder) sequential(c *component, b *[64]int16) bool {
	size, ok := d.bits.decode(d.huffs[0][c.dcTable])
	if !ok || size > 16 {
		return false
	}
	c.dc += d.bits.extend(int(size))
	b[0] = int16(c.dc)
	for k := 1; k < 64; k++ {
		v, ok := d.bits.decode(d.huffs[1][c.acTab])
		if !ok {
			return false
		}
		run, size := int(v>>4), int(v&15)
		if size == 0 {
			if run != 15 {
				break
			}
			k += 15
			continue
		}
		if k += run; k > 63 {
			return false
		}
		b[zigzag[k]] = int16(d.bits.extend(size))
	}
	return true
}
