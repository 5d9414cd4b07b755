package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/andybalholm/brotli"

	"ocrbankcard/web/build/slim"
)

// write puts the files into a new folder beside out, each with its .br and .gz, and swaps the two. Compressing, which can
// take half a minute, comes first: a build that is stopped then leaves no folder behind.
func write(files []*file, out string, keep bool) error {
	if real, err := filepath.EvalSymlinks(out); err == nil {
		out = real // a link stays one, and the folder behind it gets the site
	}
	if err := replaceable(out); err != nil {
		return err
	}
	files, err := withTwins(files)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(out)), 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(filepath.Clean(out)), ".dist")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeFile(dir, f.name, f.data); err != nil {
			return err
		}
	}
	if keep {
		if err := carryOver(out, dir); err != nil {
			return err
		}
	}
	return swap(dir, out)
}

// replaceable refuses a folder that holds something else than a site: all of it would be gone.
func replaceable(out string) error {
	entries, err := os.ReadDir(out)
	if os.IsNotExist(err) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(out, "headers.json")); err != nil {
		return fmt.Errorf("%s holds something else than an earlier site: name another folder, or empty it", out)
	}
	return nil
}

// swap puts dir where out is. What was there goes last, and comes back where dir can't take its place.
func swap(dir, out string) error {
	old := dir + ".old"
	switch err := os.Rename(out, old); {
	case err == nil:
	case os.IsNotExist(err):
		return os.Rename(dir, out)
	default:
		return err
	}
	if err := os.Rename(dir, out); err != nil {
		return errors.Join(err, os.Rename(old, out))
	}
	return os.RemoveAll(old)
}

// withTwins adds the compressed twins of the files that have them.
func withTwins(files []*file) ([]*file, error) {
	all := slices.Clone(files)
	for _, f := range files {
		if !compressible(f.name) {
			continue
		}
		br, gz, err := compressed(f.data)
		if err != nil {
			return nil, err
		}
		f.br = br
		all = append(all, &file{name: f.name + ".br", data: br}, &file{name: f.name + ".gz", data: gz})
	}
	return all, nil
}

func writeFile(dir, name string, data []byte) error {
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		return err
	}
	return os.WriteFile(p, data, 0o644)
}

var hashedName = regexp.MustCompile(`\.[0-9a-f]{12}\.[a-z0-9]+(\.br|\.gz)?$`)

// carryOver copies the hashed files of an earlier build that the new one doesn't have.
func carryOver(from, to string) error {
	return filepath.Walk(from, func(p string, info os.FileInfo, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil || info.IsDir() || !hashedName.MatchString(p) {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(to, rel)); err == nil {
			return nil
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		return writeFile(to, filepath.ToSlash(rel), data)
	})
}

// compressible reports whether a file gets its .br and .gz. Weights are packed already. config.json has none, so that an
// operator can edit it in place.
func compressible(name string) bool {
	switch path.Ext(name) {
	case ".html", ".css", ".js", ".json", ".svg", ".wasm", ".txt", ".webmanifest":
		return name != "config.json" && name != "headers.json" // the latter is for our own server
	}
	return false
}

// effort is brotli's level.
var effort = brotli.BestCompression

// window is brotli's, as the logarithm of its bytes. Its own of 4 MiB is smaller than the module, whose size then hangs on where
// a function comes to lie: up to 2 KB more or less for a line of Go.
const window = 24

// compressed returns data at brotli 11 and gzip 9. Brotli takes seconds for the module, so results are kept in the
// user's cache folder by the hash of what went in; a cache that can't be written costs only time.
func compressed(data []byte) (br, gz []byte, err error) {
	sum := sha256.Sum256(data)
	var kept string
	if dir, err := os.UserCacheDir(); err == nil {
		kept = filepath.Join(dir, "ocrbankcard", fmt.Sprintf("%x.%d.br", sum, window))
	}
	if br, err = os.ReadFile(kept); err != nil || !decodesTo(br, data) {
		var b bytes.Buffer
		w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: effort, LGWin: window})
		code := slim.Code(data) // what stands before it has statistics of its own
		_, err = w.Write(data[:code])
		if err == nil && code > 0 {
			err = w.Flush()
		}
		if err == nil {
			_, err = w.Write(data[code:])
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			return nil, nil, err
		}
		br = b.Bytes()
		if kept != "" && effort == brotli.BestCompression && os.MkdirAll(filepath.Dir(kept), 0o755) == nil {
			_ = os.WriteFile(kept, br, 0o644)
		}
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	return br, b.Bytes(), err
}

func decodesTo(br, want []byte) bool {
	got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(br)))
	return err == nil && bytes.Equal(got, want)
}
