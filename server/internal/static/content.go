package static

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// variant is one encoding of a file, as it lies in the folder now.
type variant struct {
	name, encoding string
	size           int64
}

// encodingOf gives what the suffix of a precompressed file stands for.
var encodingOf = map[string]string{"": "", ".br": "br", ".gz": "gzip"}

// variants lists the encodings of a file, smallest first: none where the plain one is missing.
func (s *Site) variants(name string) (found []variant) {
	for suffix, encoding := range encodingOf {
		info, err := os.Stat(filepath.Join(s.dir, name+suffix))
		switch {
		case err == nil && info.Mode().IsRegular():
			found = append(found, variant{name + suffix, encoding, info.Size()})
		case suffix == "":
			return nil
		}
	}
	slices.SortFunc(found, func(a, b variant) int {
		return cmp.Or(cmp.Compare(a.size, b.size), strings.Compare(a.encoding, b.encoding)) // never by chance
	})
	return found
}

// stamp tells one state of a file from the next. Times alone don't: copies keep them, and clocks have a grain.
type stamp struct {
	info fs.FileInfo
	at   time.Time // when it was taken
}

// grain is the coarsest that file systems keep times in.
const grain = 2 * time.Second

func mark(name string) (stamp, error) {
	at := time.Now()
	info, err := os.Stat(name)
	return stamp{info, at}, err
}

// holds reports whether what was read at the stamp is what lies there now. What had changed just before it was read may
// have changed again just after, unnoticed: it is read once more.
func (s stamp) holds(now fs.FileInfo) bool {
	return same(s.info, now) && s.at.Sub(changed(now)) > grain
}

// rested reports whether what was read is no part of what a copying program is still writing, as far as can be told.
func (s stamp) rested() bool { return s.holds(s.info) }

func same(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && changed(a).Equal(changed(b))
}

// tag is an ETag and the state of the file that it is of.
type tag struct {
	stamp stamp
	etag  string
}

// content is an open file whose bytes are those of its ETag, or else an error.
type content struct {
	*io.SectionReader
	stamp  // of when it was opened
	file   *os.File
	etag   string
	broken bool // Read failed
}

// open opens a variant. Its ETag is of its bytes, so that all replicas give the same; it is worked out anew when the file
// has changed.
func (s *Site) open(v variant) (*content, error) {
	f, err := os.Open(filepath.Join(s.dir, v.name))
	if err != nil {
		return nil, err
	}
	at := time.Now()
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if info.Size() == 0 { // as copying programs begin; ext4 notes the time of that only afterwards
		return nil, errors.Join(fmt.Errorf("%s is empty: %w", v.name, errChanged), f.Close())
	}
	c := &content{SectionReader: io.NewSectionReader(f, 0, info.Size()), stamp: stamp{info, at}, file: f}
	if c.etag = s.known(v.name, info); c.etag != "" {
		return c, nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, c); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	c.etag = `"` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12]) + `"`
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tags[v.name] = tag{c.stamp, c.etag}
	return c, nil
}

// known returns the ETag of a file in the state that it is in, if it was worked out before.
func (s *Site) known(name string, info fs.FileInfo) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tags[name]; ok && t.stamp.holds(info) {
		return t.etag
	}
	return ""
}

// errChanged: the file was written over while it was read, or is about to be written.
var errChanged = errors.New("static: the file is being replaced")

// Read fails when the file is no longer what was opened: half an answer of one build and half of another would look whole.
func (c *content) Read(p []byte) (int, error) {
	n, err := c.SectionReader.Read(p)
	if err == nil || err == io.EOF { // of the section, or of a file that was cut
		now, unknown := c.file.Stat()
		if unknown == nil && same(c.info, now) {
			return n, err
		}
		n, err = 0, errors.Join(errChanged, unknown)
	}
	c.broken = true
	return n, err
}

func (c *content) Close() error { return c.file.Close() }
