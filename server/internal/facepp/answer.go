package facepp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
	"ocrbankcard/internal/geometry"
)

// maxAnswer bounds what is read of an answer; the contract's have well under 1 KB.
const maxAnswer = 256 << 10

// readAnswer reads a response to its end. The error is always an *Error.
func readAnswer(resp *http.Response) (cardpp.Answer, error) {
	body, err := readBounded(resp)
	if err != nil {
		return cardpp.Answer{}, err
	}
	var wire wireAnswer
	err = json.Unmarshal(body, &wire)
	switch {
	case resp.StatusCode != http.StatusOK && err != nil:
		return cardpp.Answer{}, statusError(resp.StatusCode, "")
	case resp.StatusCode != http.StatusOK:
		return cardpp.Answer{}, statusError(resp.StatusCode, wire.ErrorMessage)
	case err != nil: // not wrapped: it may quote the number
		return cardpp.Answer{}, newError(Malformed, fmt.Errorf("an answer of %d bytes isn't the contract's JSON", len(body)))
	case wire.ErrorMessage != "": // a failure sent as 200 is what its words say
		e := cardpp.ParseMessage(0, wire.ErrorMessage)
		return cardpp.Answer{}, statusError(cardpp.Status(e.Code), wire.ErrorMessage)
	}
	return wire.answer()
}

func readBounded(resp *http.Response) ([]byte, error) {
	if resp.ContentLength > maxAnswer {
		return nil, newError(TooLong, fmt.Errorf("an answer of %d bytes", resp.ContentLength))
	}
	var b bytes.Buffer
	b.Grow(max(bytes.MinRead, int(resp.ContentLength)+bytes.MinRead))
	if _, err := b.ReadFrom(io.LimitReader(resp.Body, maxAnswer+1)); err != nil {
		return nil, transportError(err)
	}
	if b.Len() > maxAnswer {
		return nil, newError(TooLong, fmt.Errorf("an answer over %d bytes", maxAnswer))
	}
	return b.Bytes(), nil
}

// wireAnswer is the contract's JSON. Everything but bank_cards is optional, and what isn't named here is ignored.
type wireAnswer struct {
	BankCards    *[]wireCard `json:"bank_cards"`
	ImageID      string      `json:"image_id"`
	RequestID    string      `json:"request_id"`
	TimeUsed     float64     `json:"time_used"`
	ErrorMessage string      `json:"error_message"`
}

type wireCard struct {
	Bound struct {
		LeftTop     wirePoint `json:"left_top"`
		RightTop    wirePoint `json:"right_top"`
		RightBottom wirePoint `json:"right_bottom"`
		LeftBottom  wirePoint `json:"left_bottom"`
	} `json:"bound"`
	Number       string       `json:"number"`
	Bank         string       `json:"bank"`         // v1
	Organization organization `json:"organization"` // v1
}

type wirePoint struct{ X, Y float64 }

func (p wirePoint) point() geometry.Point { return geometry.Point{X: p.X, Y: p.Y} }

// organization is a list in v1; a single string is taken for a list of one.
type organization []string

func (o *organization) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*o = make(organization, 1)
		return json.Unmarshal(b, &(*o)[0])
	}
	return json.Unmarshal(b, (*[]string)(o))
}

func (w wireAnswer) answer() (cardpp.Answer, error) {
	if w.BankCards == nil {
		return cardpp.Answer{}, newError(Malformed, errors.New("an answer without bank_cards"))
	}
	a := cardpp.Answer{ImageID: w.ImageID, RequestID: w.RequestID, TimeUsed: int(w.TimeUsed)}
	for _, c := range *w.BankCards {
		n, err := cardnumber.ParseReading(c.Number)
		if err != nil {
			return cardpp.Answer{}, newError(Malformed, err)
		}
		b := c.Bound
		a.Cards = append(a.Cards, cardpp.Card{
			Bound:  geometry.Quad{b.LeftTop.point(), b.RightTop.point(), b.RightBottom.point(), b.LeftBottom.point()},
			Number: n, Bank: c.Bank, Organization: c.Organization,
		})
	}
	return a, nil
}
