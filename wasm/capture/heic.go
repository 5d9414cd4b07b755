package capture

import "bytes"

// isHEIC reports whether a file begins as ISO base media of one of the HEIF brands (ISO/IEC 23008-12, annex B; 14496-12,
// section 4.3): box size, "ftyp", major brand, minor version, compatible brands.
func isHEIC(head []byte) bool {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return false
	}
	for _, brand := range []string{"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"} {
		if bytes.Contains(head[8:], []byte(brand)) {
			return true
		}
	}
	return false
}
