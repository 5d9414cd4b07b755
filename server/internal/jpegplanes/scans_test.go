package jpegplanes

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// acCodes are the values of the one AC table in grayFile, with codes of 1, 2, … bits: 0, 10, 110, … The blocks of a run end
// (0x00 one, 0x10 two or three, 0xe0 up to 32767), or a coefficient comes at once or after five zeros.
var acCodes = []byte{0x00, 0x01, 0x10, 0x51, 0xe0}

// rawScan is a scan of a lone component: the coefficients' start and end, the bits' high and low; its data as coded.
type rawScan struct {
	tail [3]byte
	data []byte
}

// grayFile is a progressive file of blocks × blocks blocks in which no DC coefficient differs from the one before.
func grayFile(blocks int, scans []rawScan) []byte {
	segment := func(marker byte, parts ...[]byte) []byte {
		b := slices.Concat(parts...)
		return append([]byte{0xff, marker, 0, byte(len(b) + 2)}, b...)
	}
	side := []byte{byte(8 * blocks >> 8), byte(8 * blocks)}
	lengths := slices.Concat(bytes.Repeat([]byte{1}, len(acCodes)), make([]byte, 16-len(acCodes)))
	file := slices.Concat([]byte{0xff, soi}, segment(dqt, []byte{0}, bytes.Repeat([]byte{40}, 64)),
		segment(sof2, []byte{8}, side, side, []byte{1, 1, 0x11, 0}),
		segment(dht, []byte{0x00, 1}, make([]byte, 15), []byte{0}), segment(dht, []byte{0x10}, lengths, acCodes))
	flat := rawScan{[3]byte{0, 0, 0}, make([]byte, blocks*blocks/8+1)}
	for _, s := range slices.Concat([]rawScan{flat}, scans) {
		file = slices.Concat(file, segment(sos, []byte{1, 1, 0}, s.tail[:]), s.data)
	}
	return append(file, 0xff, eoi)
}

// randomBits are n bytes in which three ones at most follow each other, so that each code is one of acCodes, and no long run.
func randomBits(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	ones := 0
	for i := range 8 * n {
		if ones < 3 && r.IntN(5) < 2 {
			b[i/8] |= 0x80 >> (i % 8)
			ones++
		} else {
			ones = 0
		}
	}
	return b
}

// randomFile has scans that end with the last block, as image/jpeg carries a run over to the next scan.
func randomFile(t *testing.T, r *rand.Rand, tails ...[3]byte) []byte {
	var scans []rawScan
	for tries := 0; len(scans) < len(tails); tries++ {
		next := append(slices.Clip(scans), rawScan{tails[len(scans)], randomBits(r, 3000)})
		d := &decoder{adobe: -1}
		file := grayFile(9, next)
		if err := d.walk(file); err != nil || tries == 1000 {
			t.Fatal("no such file:", err)
		}
		if d.collect(file, d.components[0]) == nil && d.eobRun == 0 {
			scans = next
		}
	}
	return grayFile(9, scans)
}

// TestRefinedAtRandom: coefficients that come and are corrected in any order, in bands that overlap, are those of image/jpeg.
func TestRefinedAtRandom(t *testing.T) {
	for seed := range uint64(40) {
		file := randomFile(t, rand.New(rand.NewPCG(seed, 1)), [3]byte{1, 63, 2}, [3]byte{1, 4, 0x21}, [3]byte{5, 63, 0x21}, [3]byte{2, 7, 0x10})
		got, err := Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		if compare(t, got, file); t.Failed() {
			t.Fatal("seed", seed)
		}
	}
}

// BenchmarkScansOfNothing decodes 34 KB that ask for as many looks at all blocks of the largest picture as are allowed,
// and for half as many: the difference is what such scans cost.
func BenchmarkScansOfNothing(b *testing.B) {
	const blocks = 512
	var most []rawScan
	for range maxScans - 1 {
		most = append(most, rawScan{[3]byte{1, 63, 0x10}, bytes.Repeat([]byte{0xf7, 0xff, 0x00, 0xe0}, 12)})
	}
	for name, scans := range map[string][]rawScan{"all": most, "half": most[:len(most)/2]} {
		file := grayFile(blocks, scans)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Decode(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
