package facepp

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"mime/multipart"
	"net"
	"net/textproto"
	"sync"

	"ocrbankcard/internal/cardpp"
)

// form is the multipart/form-data body (RFC 7578) of every call but for the picture: what stands before and after it.
type form struct {
	contentType string
	heads       [3][]byte // by picture type
	tail        []byte
}

// The types of picture, by content. Neither is what the contract refuses, but it is the upstream that says so.
const (
	jpegPicture = iota
	pngPicture
	otherPicture
)

var pictureTypes = [3]struct{ contentType, fileName string }{
	{"image/jpeg", "card.jpg"}, {"image/png", "card.png"}, {"application/octet-stream", "card"},
}

func pictureType(file []byte) int {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
		return jpegPicture
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return pngPicture
	}
	return otherPicture
}

// newForm writes the form once for all calls with these credentials.
func newForm(key, secret Secret) *form {
	f := &form{}
	boundary := rand.Text()
	for i, picture := range pictureTypes {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		// A bytes.Buffer takes everything, and rand.Text is a legal boundary: none of these can fail.
		must(w.SetBoundary(boundary))
		must(w.WriteField(cardpp.ParamKey, key.Reveal()))
		must(w.WriteField(cardpp.ParamSecret, secret.Reveal()))
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", multipart.FileContentDisposition(cardpp.ParamFile, picture.fileName))
		header.Set("Content-Type", picture.contentType)
		_, err := w.CreatePart(header)
		must(err)
		f.heads[i] = bytes.Clone(b.Bytes())
		b.Reset()
		must(w.Close())
		f.tail, f.contentType = bytes.Clone(b.Bytes()), w.FormDataContentType()
	}
	return f
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// lent is a picture that belongs to the caller of Recognize. net/http may go on reading a request's body after its
// round trip has ended; the lock lets the caller have its memory back the moment that Recognize returns.
type lent struct {
	mu    sync.Mutex
	bytes []byte // nil when taken back
}

var errTakenBack = errors.New("the picture was taken back")

// readAt copies from offset; its caller knows the length.
func (l *lent) readAt(p []byte, offset int) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bytes == nil {
		return 0, errTakenBack
	}
	return copy(p, l.bytes[offset:]), nil
}

func (l *lent) takeBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bytes = nil
}

// body reads a form with a picture in it.
type body struct {
	head, tail []byte
	picture    *lent
	size       int // of the picture
	offset     int // in all three
}

func (f *form) body(picture *lent, size, pictureType int) *body {
	return &body{head: f.heads[pictureType], tail: f.tail, picture: picture, size: size}
}

func (b *body) length() int { return len(b.head) + b.size + len(b.tail) }

// Read fills p as far as it can.
func (b *body) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k, err := b.readPart(p[n:])
		if err != nil {
			return n, err
		}
		if k == 0 {
			return n, io.EOF
		}
		n += k
		b.offset += k
	}
	return n, nil
}

func (b *body) readPart(p []byte) (int, error) {
	at := b.offset
	if at < len(b.head) {
		return copy(p, b.head[at:]), nil
	}
	if at -= len(b.head); at < b.size {
		return b.picture.readAt(p, at)
	}
	return copy(p, b.tail[at-b.size:]), nil
}

func (b *body) Close() error { return nil }

// writeTo writes the whole body in one system call, where the system has writev. The picture can't be taken back
// meanwhile; the end of the request's context ends the write.
func (b *body) writeTo(conn net.Conn) (int64, error) {
	b.picture.mu.Lock()
	defer b.picture.mu.Unlock()
	if b.picture.bytes == nil {
		return 0, errTakenBack
	}
	parts := net.Buffers{b.head, b.picture.bytes, b.tail}
	n, err := parts.WriteTo(conn)
	b.offset += int(n)
	return n, err
}

// uploader is a plain connection. net/http copies a body to a connection through its ReadFrom, and a reader of unknown
// kind in many small pieces; a whole body of ours goes at once. TLS has a connection of its own on top.
type uploader struct{ *net.TCPConn }

// ReadFrom is io.ReaderFrom. net/http wraps the body to check its length.
func (u uploader) ReadFrom(r io.Reader) (int64, error) {
	if l, ok := r.(*io.LimitedReader); ok {
		if b, ok := l.R.(*body); ok && b.offset == 0 && l.N == int64(b.length()) {
			n, err := b.writeTo(u.TCPConn)
			l.N -= n
			return n, err
		}
	}
	return u.TCPConn.ReadFrom(r)
}
