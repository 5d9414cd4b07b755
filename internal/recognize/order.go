package recognize

// order sorts s in place by what compare says of two of its elements, as package cmp does, and keeps the order of equals. It
// inserts one after the other: the lists here are short, and slices.SortStableFunc is some 10 KB of WebAssembly for each
// kind of element.
func order[T any](s []T, compare func(a, b T) int) {
	for i := 1; i < len(s); i++ {
		v, j := s[i], i
		for ; j > 0 && compare(s[j-1], v) > 0; j-- {
			s[j] = s[j-1]
		}
		s[j] = v
	}
}
