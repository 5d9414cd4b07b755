package facepp

import (
	"bytes"
	"crypto/rand"
	"mime/multipart"
	"net/textproto"

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

// body is a form with a picture in it.
type body struct{ head, file, tail []byte }

func (f *form) body(file []byte) body {
	return body{f.heads[pictureType(file)], file, f.tail}
}

func (b body) length() int { return len(b.head) + len(b.file) + len(b.tail) }
