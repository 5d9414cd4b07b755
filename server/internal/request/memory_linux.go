package request

import "syscall"

// The advice of madvise(2) that package syscall lacks.
const (
	dontDump   = 16
	noHugePage = 15
)

// mapMemory returns zeroed bytes outside of the heap, of which none takes up memory before it is written. Dumps of the
// process leave them out. Where the system refuses, they come from the heap.
func mapMemory(size int) []byte {
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANONYMOUS|syscall.MAP_NORESERVE)
	if err != nil {
		return make([]byte, size)
	}
	// Advice that isn't taken costs memory, or leaves pictures in a dump; it is no reason to serve nobody.
	_ = syscall.Madvise(b, dontDump)
	_ = syscall.Madvise(b, noHugePage) // pages of 2 MB would make each picture as large
	return b
}

// dropMemory gives back the memory under whole pages from the begin of b, which is at one; what is read there next is zero.
func dropMemory(b []byte) {
	if syscall.Madvise(b, syscall.MADV_DONTNEED) != nil { // of the heap, and not at a page's begin
		clear(b)
	}
}
