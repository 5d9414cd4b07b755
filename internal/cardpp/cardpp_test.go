package cardpp

import (
	"encoding/json"
	"testing"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/geometry"
)

func TestAnswerReadsAsTheContractSays(t *testing.T) {
	n, _ := cardnumber.Parse("6200000000000005")
	a := Answer{Cards: []Card{{Bound: geometry.Quad{{X: 17.4, Y: 19.6}, {X: 770, Y: 20}, {X: 770, Y: 420}, {X: -.6, Y: .6}},
		Number: n, Bank: "建设\"银\\行\n\x1b\u2028", Organization: []string{"union", "x"}}}, ImageID: "a==", RequestID: "1,2", TimeUsed: 7}
	var got struct {
		BankCards []struct {
			Bound        map[string]struct{ X, Y int }
			Number, Bank string
			Organization []string
		} `json:"bank_cards"`
		ImageID   string `json:"image_id"`
		RequestID string `json:"request_id"`
		TimeUsed  int    `json:"time_used"`
	}
	if err := json.Unmarshal(a.AppendJSON(nil), &got); err != nil {
		t.Fatal(err)
	}
	c := got.BankCards[0]
	if c.Number != n.Reveal() || c.Bank != a.Cards[0].Bank || len(c.Organization) != 2 || got.TimeUsed != 7 || got.ImageID != "a==" {
		t.Errorf("fields lost")
	}
	if c.Bound["left_top"] != (struct{ X, Y int }{17, 20}) || c.Bound["left_bottom"] != (struct{ X, Y int }{-1, 1}) {
		t.Errorf("bound %v", c.Bound)
	}
}

func TestNoCardIsAnEmptyList(t *testing.T) {
	want := `{"bank_cards":[],"image_id":"","request_id":"","time_used":0}`
	if got := string(Answer{}.AppendJSON(nil)); got != want {
		t.Errorf("got %s", got)
	}
}

func TestEveryCodeSurvivesTheWire(t *testing.T) {
	for _, c := range Codes {
		for _, detail := range []string{"", "image_file", DeniedByAdmin} {
			e := NewError(c.Code, detail)
			if back := ParseMessage(c.Status, e.Message()); *back != *e {
				t.Errorf("%v came back as %v", e, back)
			}
		}
	}
	if e := ParseMessage(400, ":"); e.Code != ":" {
		t.Errorf("a lone colon gave %q", e.Code)
	}
}
