// Package cardpp is the contract of the Face++ "OCR Bank Card" API (beta), as its own document states it: limits,
// answer and errors. Client, server and page share this one definition, and so the package stays free of net/http and
// encoding/json, which would triple the page's module.
package cardpp

import (
	"strconv"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
)

// The limits on a picture: JPG or PNG, at most 2 MiB as a raw file, every side between 100 and 4096 px.
const (
	MaxFileBytes = 2 << 20
	MinSide      = 100
	MaxSide      = 4096
)

// The paths of the call. The document names the beta path; all official SDKs use v1.
const (
	PathBeta = "/cardpp/beta/ocrbankcard"
	PathV1   = "/cardpp/v1/ocrbankcard"
)

// Endpoint is where Face++ serves the call.
const Endpoint = "https://api-cn.faceplusplus.com" + PathBeta

// The names of the parameters.
const (
	ParamKey    = "api_key"
	ParamSecret = "api_secret"
	ParamFile   = "image_file"
	ParamBase64 = "image_base64"
	ParamURL    = "image_url"
)

// Card is one entry of bank_cards.
type Card struct {
	Bound  geometry.Quad     // pixels of the picture sent; written as integers
	Number cardnumber.Number // zero is written as ""

	// v1 only, and only when known.
	Bank         string
	Organization []string
}

// Answer is a success. RequestID is "<unix seconds>,<UUID>"; TimeUsed is in milliseconds.
type Answer struct {
	Cards     []Card
	ImageID   string
	RequestID string
	TimeUsed  int
}

// AppendJSON writes the answer in the contract's JSON to dst: bank_cards is [] and never null. This is the one place
// where a card number leaves as digits.
func (a Answer) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"bank_cards":[`...)
	for i, c := range a.Cards {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.appendJSON(dst)
	}
	dst = append(dst, `],"image_id":`...)
	dst = appendString(dst, a.ImageID)
	dst = append(dst, `,"request_id":`...)
	dst = appendString(dst, a.RequestID)
	dst = append(dst, `,"time_used":`...)
	dst = strconv.AppendInt(dst, int64(a.TimeUsed), 10)
	return append(dst, '}')
}

func (c Card) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"bound":{`...)
	for i, name := range [4]string{"left_top", "right_top", "right_bottom", "left_bottom"} {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = append(dst, name...)
		dst = append(dst, `":{"x":`...)
		dst = strconv.AppendInt(dst, round(c.Bound[i].X), 10)
		dst = append(dst, `,"y":`...)
		dst = strconv.AppendInt(dst, round(c.Bound[i].Y), 10)
		dst = append(dst, '}')
	}
	dst = append(dst, `},"number":`...)
	dst = appendString(dst, c.Number.Reveal())
	if c.Bank != "" {
		dst = append(dst, `,"bank":`...)
		dst = appendString(dst, c.Bank)
	}
	if len(c.Organization) > 0 {
		dst = append(dst, `,"organization":[`...)
		for i, o := range c.Organization {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(dst, o)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}

func round(v float64) int64 {
	if v < 0 {
		return -int64(0.5 - v)
	}
	return int64(v + 0.5)
}

// appendString quotes s by RFC 8259, section 7.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < 0x20 || r == 0x2028 || r == 0x2029:
			dst = append(dst, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default:
			dst = append(dst, string(r)...)
		}
	}
	return append(dst, '"')
}
