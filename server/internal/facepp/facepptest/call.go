package facepptest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the contract's two formats
	_ "image/png"
	"io"
	"net/http"
	"strings"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
)

// maxBody is more than any legal call's body, as base64 or multipart.
const maxBody = 3 << 20

// read takes the parameters from the request.
func (c *Call) read(w http.ResponseWriter, r *http.Request) *Reply {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = c.readParts(r)
	} else if err = r.ParseForm(); err == nil {
		for name := range r.PostForm {
			c.set(name, []byte(r.PostForm.Get(name)))
		}
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return failed(cardpp.EntityTooLarge, "")
	}
	if err != nil {
		return failed(cardpp.BadArguments, cardpp.ParamFile)
	}
	switch {
	case c.Key == "" && c.Secret == "":
		return failed(cardpp.MissingArguments, cardpp.ParamKey+", "+cardpp.ParamSecret)
	case c.Key == "":
		return failed(cardpp.MissingArguments, cardpp.ParamKey)
	case c.Secret == "":
		return failed(cardpp.MissingArguments, cardpp.ParamSecret)
	case c.Param == "":
		return failed(cardpp.MissingArguments, cardpp.ParamURL+", "+cardpp.ParamFile+", "+cardpp.ParamBase64)
	}
	return nil
}

func (c *Call) readParts(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		value, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		if p.FormName() == cardpp.ParamFile {
			c.FileName, c.ContentType = p.FileName(), p.Header.Get("Content-Type")
		}
		c.set(p.FormName(), value)
	}
}

// set takes a parameter; of the three pictures, image_file goes before image_base64, and image_url comes last.
func (c *Call) set(name string, value []byte) {
	switch name {
	case cardpp.ParamKey:
		c.Key = string(value)
	case cardpp.ParamSecret:
		c.Secret = string(value)
	case cardpp.ParamFile:
		c.Param, c.File = name, value
	case cardpp.ParamBase64:
		if c.Param != cardpp.ParamFile {
			c.Param = name
			c.File, _ = base64.StdEncoding.DecodeString(string(value)) // what can't be decoded is no picture
		}
	case cardpp.ParamURL:
		if c.Param == "" {
			c.Param = name
		}
	}
}

type point = image.Point

// check applies the contract's limits to the picture and returns its size in pixels.
func (c *Call) check() (point, *Reply) {
	if c.Param == cardpp.ParamURL { // nothing is downloaded here
		return point{}, failed(cardpp.InvalidImageURL, "")
	}
	if len(c.File) > cardpp.MaxFileBytes {
		return point{}, failed(cardpp.FileTooLarge, c.Param)
	}
	header, _, err := image.DecodeConfig(bytes.NewReader(c.File))
	if err != nil {
		return point{}, failed(cardpp.UnsupportedFormat, c.Param)
	}
	if min(header.Width, header.Height) < cardpp.MinSide || max(header.Width, header.Height) > cardpp.MaxSide {
		return point{}, failed(cardpp.InvalidImageSize, c.Param)
	}
	return point{X: header.Width, Y: header.Height}, nil
}

func failed(code, detail string) *Reply {
	reply := Failure(code, detail)
	return &reply
}

// card answers with the upstream's number, and a bound a tenth inside the picture's border; without one, no card.
func (u *Upstream) card(size point) cardpp.Answer {
	a := cardpp.Answer{ImageID: "NTyDKpmLM7RklVcRyv2xPA==", RequestID: requestID(), TimeUsed: int(u.Delay.Milliseconds())}
	if !u.Number.IsZero() {
		w, h := float64(size.X), float64(size.Y)
		a.Cards = []cardpp.Card{{Number: u.Number, Bound: geometry.Rect(w/10, h/10, w*9/10, h*9/10)}}
	}
	return a
}

// requestID returns one of the documented form: Unix seconds, a comma, a UUID.
func requestID() string {
	var id [16]byte
	rand.Read(id[:])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // RFC 9562, version 4
	s := hex.EncodeToString(id[:])
	return fmt.Sprintf("%d,%s-%s-%s-%s-%s", time.Now().Unix(), s[:8], s[8:12], s[12:16], s[16:20], s[20:])
}
