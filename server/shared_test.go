package main

import (
	"sync"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// TestCallersThatShareAnAnswerGetTheirOwn: the beta path leaves bank and organization out, and takes them from nobody else
// who asks for the same picture at the same moment.
func TestCallersThatShareAnAnswerGetTheirOwn(t *testing.T) {
	const answer = `{"bank_cards":[{"bound":{},"number":"` + upstreamNumber + `","bank":"建设银行","organization":["union"]}],"time_used":3}`
	u := &facepptest.Upstream{Answer: func(facepptest.Call) facepptest.Reply {
		return facepptest.Reply{Body: answer, Delay: 100 * time.Millisecond}
	}}
	base := start(t, withFacePP(t, u), nil)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	var callers sync.WaitGroup
	for i := range 16 {
		path := []string{cardpp.PathBeta, cardpp.PathV1}[i%2]
		callers.Go(func() {
			r := post(t, base+path, contentType, body)
			if r.json.BankCards == nil || len(*r.json.BankCards) != 1 {
				t.Errorf("%d %q", r.status, r.json.ErrorMessage)
			} else if c := (*r.json.BankCards)[0]; (c.Bank != nil) != (path == cardpp.PathV1) || (c.Organization != nil) != (path == cardpp.PathV1) {
				t.Errorf("%s: bank %v, organization %v", path, c.Bank != nil, c.Organization != nil)
			}
		})
	}
	callers.Wait()
	if n := len(u.Calls()); n > 2 {
		t.Errorf("%d calls: hardly any was shared", n)
	}
}
