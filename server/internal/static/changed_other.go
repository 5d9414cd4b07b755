//go:build !linux

package static

import (
	"io/fs"
	"time"
)

// changed is the next best where the time of change has another name.
func changed(info fs.FileInfo) time.Time { return info.ModTime() }
