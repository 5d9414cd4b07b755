package jpegplanes

import "math/bits"

// refining is a block whose coefficients a walk collects. A small file may ask to look at all blocks again and again, and so
// no look costs more than a few steps where nothing is to be done.
type refining struct {
	coefs *[64]int16 // in natural order
	there *uint64    // bit k is set where the coefficient at k, in zigzag order, is not zero
}

func (d *decoder) block(index int) refining {
	return refining{(*[64]int16)(d.coefs[64*index:]), &d.there[index]}
}

func (b refining) set(k int, v int16) {
	b.coefs[zigzag[k]] = v
	*b.there &^= 1 << k
	if v != 0 {
		*b.there |= 1 << k
	}
}

// correct takes one more bit of a coefficient that is not zero yet; it never becomes zero by it.
func (b refining) correct(r *bitReader, k, low int) {
	if r.take(1) == 0 {
		return
	}
	if v := &b.coefs[zigzag[k]]; *v > 0 {
		*v += 1 << low
	} else {
		*v -= 1 << low
	}
}

// dcScan decodes a block's first coefficient, or one more bit of it (G.1.2.1).
func (d *decoder) dcScan(s scan, c *component, b *[64]int16) bool {
	if s.high > 0 {
		b[0] |= int16(d.bits.take(1) << s.low)
		return true
	}
	size, ok := d.bits.decode(d.huffs[0][c.dcTable])
	if !ok || size > 16 {
		return false
	}
	c.dc += d.bits.extend(int(size))
	b[0] = int16(c.dc << s.low)
	return true
}

// acFirst decodes the upper bits of a band of coefficients (G.1.2.2).
func (d *decoder) acFirst(s scan, c *component, b refining) bool {
	if d.eobRun > 0 {
		d.eobRun--
		return true
	}
	for k := s.start; k <= s.end; k++ {
		v, ok := d.bits.decode(d.huffs[1][c.acTab])
		if !ok {
			return false
		}
		run, size := int(v>>4), int(v&15)
		if size == 0 {
			if run < 15 {
				d.eobRun = 1<<run - 1 + d.bits.take(run)
				break
			}
			k += 15
			continue
		}
		if k += run; k > s.end {
			return false
		}
		b.set(k, int16(d.bits.extend(size)<<s.low))
	}
	return true
}

// acRefine decodes one more bit of a band (G.1.2.3): a correction for each coefficient that is not zero yet, and
// between those, the coefficients that become 1 or -1 at this bit.
func (d *decoder) acRefine(s scan, c *component, b refining) bool {
	k := s.start
	for d.eobRun == 0 && k <= s.end {
		v, ok := d.bits.decode(d.huffs[1][c.acTab])
		if !ok {
			return false
		}
		run, fresh := int(v>>4), int16(0)
		switch v & 15 {
		case 0:
			if run < 15 {
				d.eobRun = 1<<run + d.bits.take(run)
				continue
			}
		case 1:
			fresh = int16(-1 << s.low)
			if d.bits.take(1) == 1 {
				fresh = int16(1 << s.low)
			}
		default:
			return false
		}
		k = d.refine(s, b, k, run)
		if fresh != 0 {
			if k > s.end {
				return false
			}
			b.set(k, fresh)
		}
		k++
	}
	if d.eobRun > 0 {
		d.refineRest(s, b, k)
		d.eobRun--
	}
	return true
}

// refine corrects coefficients from k on, and stops at the zero one that follows as many zeros as zeros says.
func (d *decoder) refine(s scan, b refining, k, zeros int) int {
	for ; k <= s.end; k++ {
		if *b.there>>k&1 != 0 {
			b.correct(&d.bits, k, s.low)
			continue
		}
		if zeros == 0 {
			break
		}
		zeros--
	}
	return k
}

// refineRest corrects what is there of the band from k on.
func (d *decoder) refineRest(s scan, b refining, k int) {
	band := uint64(1)<<s.end<<1 - 1
	for there := *b.there & band >> k << k; there != 0; there &= there - 1 {
		b.correct(&d.bits, bits.TrailingZeros64(there), s.low)
	}
}
