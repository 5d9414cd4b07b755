package capture

// sizeOf returns a picture's size as it is stored, from the beginning of a JPEG (ISO/IEC 10918-1, annex B: segments up to
// the frame header) or PNG file (its first chunk, IHDR), and zeros where that does not tell.
func sizeOf(head []byte) (width, height int) {
	two := func(at int) int { return int(head[at])<<8 | int(head[at+1]) }
	if len(head) >= 24 && string(head[:8]) == "\x89PNG\r\n\x1a\n" {
		return two(16)<<16 | two(18), two(20)<<16 | two(22)
	}
	if len(head) < 2 || two(0) != 0xffd8 {
		return 0, 0
	}
	for at := 2; at+9 <= len(head) && head[at] == 0xff; {
		switch marker := head[at+1]; {
		case marker == 0xff: // fill
			at++
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			return two(at + 7), two(at + 5)
		default:
			at += 2 + two(at+2)
		}
	}
	return 0, 0
}
