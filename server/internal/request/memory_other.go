//go:build !linux

package request

// Elsewhere than on Linux, bodies lie on the heap.
func mapMemory(size int) []byte { return make([]byte, size) }

func dropMemory(b []byte) { clear(b) }
