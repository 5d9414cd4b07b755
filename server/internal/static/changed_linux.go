package static

import (
	"io/fs"
	"syscall"
	"time"
)

// changed is when anything of a file changed last. No copying program can set that, as it can the time of modification.
func changed(info fs.FileInfo) time.Time {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(s.Ctim.Unix())
	}
	return info.ModTime()
}
