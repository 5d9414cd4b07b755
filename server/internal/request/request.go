// Package request reads the contract's parameters from a call, as leniently as real clients need: multipart parts of any
// disposition and type, urlencoded forms, base64 in all its shapes, credentials in body or query.
//
// A body is read once into one buffer; what Read returns are slices of it. Call.Release ends their use: the buffer, which
// holds a picture of a card, is wiped and serves another call.
package request

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"ocrbankcard/internal/cardpp"
)

// Call is what a caller asked for.
type Call struct {
	Key, Secret       string
	HasKey, HasSecret bool // given, though perhaps empty

	Param string // image_file, image_base64 or image_url; "" when no picture was given
	value []byte // of that parameter, as it came

	body *buffer // all of it; nil after Release
}

// Release wipes the body. Nothing that File returned may be used any more.
func (c *Call) Release() {
	c.body.recycle()
	c.body, c.value = nil, nil
}

// File returns the picture of an image_file or image_base64. The latter is decoded in place, so call it once.
func (c *Call) File() ([]byte, error) {
	if c.Param != cardpp.ParamBase64 {
		return c.value, nil
	}
	file, err := decodeBase64(c.value)
	if err != nil {
		return nil, cardpp.NewError(cardpp.BadArguments, cardpp.ParamBase64)
	}
	return file, nil
}

// URL returns where the picture of an image_url lies.
func (c *Call) URL() string { return strings.TrimSpace(string(c.value)) }

// maxText bounds the parameters other than pictures.
const maxText = 8 << 10

// sources are the image parameters in the contract's priority.
var sources = []string{cardpp.ParamFile, cardpp.ParamBase64, cardpp.ParamURL}

// Read reads a call from its body and query. It asks room for memory before it uses any, and gives up with room's error;
// its own errors are the contract's.
func Read(w http.ResponseWriter, r *http.Request, c Config, room func(bytes int) error) (*Call, error) {
	body, err := readBody(w, r, c, room)
	if err != nil {
		return nil, err
	}
	f := fields{}
	if err = f.readQuery(r.URL.RawQuery); err == nil {
		err = f.readForm(r.Header.Get("Content-Type"), body.bytes)
	}
	if err != nil {
		body.recycle()
		return nil, err
	}
	call := f.call()
	call.body = body
	return call, nil
}

// fields are the parameters found, by name. Values are slices of the body.
type fields map[string][]byte

// known reports whether the contract has a parameter of this name.
func known(name string) bool {
	switch name {
	case cardpp.ParamKey, cardpp.ParamSecret, cardpp.ParamFile, cardpp.ParamBase64, cardpp.ParamURL:
		return true
	}
	return false
}

// add stores a parameter. The same one twice with different values is an either-or for which the contract states no
// priority.
func (f fields) add(name string, value []byte) error {
	if !known(name) {
		return nil
	}
	if old, twice := f[name]; twice && string(old) != string(value) {
		return cardpp.NewError(cardpp.Coexistence, "")
	}
	if name != cardpp.ParamFile && name != cardpp.ParamBase64 && len(value) > maxText {
		return cardpp.NewError(cardpp.BadArguments, name)
	}
	f[name] = value
	return nil
}

// readQuery takes the credentials from the query string, where some clients put them. Pictures are not taken from
// there: addresses end up in logs.
func (f fields) readQuery(raw string) error {
	if raw == "" {
		return nil
	}
	query, _ := url.ParseQuery(raw) // what can't be decoded hides nothing else
	for _, name := range []string{cardpp.ParamKey, cardpp.ParamSecret} {
		for _, v := range query[name] {
			if err := f.add(name, []byte(v)); err != nil {
				return err
			}
		}
	}
	return nil
}

// readForm splits the body by its media type. A body of another type has no parameters.
func (f fields) readForm(contentType string, body []byte) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if errors.Is(err, mime.ErrInvalidMediaParameter) {
		kind, err = strings.ToLower(strings.TrimSpace(strings.Split(contentType, ";")[0])), nil
		params = map[string]string{"boundary": parameter(contentType, "boundary")}
	}
	switch {
	case err != nil:
		return nil
	case kind == "multipart/form-data" || kind == "multipart/mixed":
		return f.readMultipart(body, params["boundary"])
	case kind == "application/x-www-form-urlencoded":
		return f.readURLEncoded(body)
	}
	return nil
}

// call picks the picture by the contract's priority: the first that is given and not empty (browsers send a file field
// that was left alone as an empty part), or else the first that is given.
func (f fields) call() *Call {
	c := &Call{}
	key, hasKey := f[cardpp.ParamKey]
	secret, hasSecret := f[cardpp.ParamSecret]
	c.Key, c.HasKey, c.Secret, c.HasSecret = string(key), hasKey, string(secret), hasSecret
	for _, name := range sources {
		v, given := f[name]
		if !given {
			continue
		}
		if c.Param == "" {
			c.Param = name
		}
		if len(v) > 0 {
			c.Param = name
			break
		}
	}
	c.value = f[c.Param]
	return c
}

// badBody is the error of a body that ended early, came too slowly or can't be split; param is the parameter that was
// cut, or "body".
func badBody(param string) error { return cardpp.NewError(cardpp.BadArguments, param) }
