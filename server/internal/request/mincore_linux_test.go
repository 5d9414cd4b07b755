package request

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// resident counts the pages under b that hold memory.
func resident(t *testing.T, b []byte) (pages int) {
	t.Helper()
	in := make([]byte, (len(b)+os.Getpagesize()-1)/os.Getpagesize())
	_, _, errno := syscall.Syscall(syscall.SYS_MINCORE, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(unsafe.Pointer(&in[0])))
	if errno != 0 {
		t.Fatal(errno)
	}
	for _, v := range in {
		pages += int(v & 1)
	}
	return pages
}
