package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

// TestCallersThatShareAnAnswerGetTheirOwn: the beta path leaves bank and organization out, and takes them from nobody else
// who asks for the same picture at the same moment, wherever FACEPP_ENDPOINT is.
func TestCallersThatShareAnAnswerGetTheirOwn(t *testing.T) {
	const more = `,"bank":"建设银行","organization":["union"]`
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	for endpoint, most := range map[string]int{cardpp.PathV1: 2, cardpp.PathBeta: 4} {
		u := &facepptest.Upstream{Answer: func(c facepptest.Call) facepptest.Reply {
			answer := `{"bank_cards":[{"bound":{},"number":"` + upstreamNumber + `"` + more + `}],"time_used":3}`
			if c.Path == cardpp.PathBeta {
				answer = strings.Replace(answer, more, "", 1)
			}
			return facepptest.Reply{Body: answer, Delay: 100 * time.Millisecond}
		}}
		env := withFacePP(t, u)
		env["FACEPP_ENDPOINT"] = strings.Replace(env["FACEPP_ENDPOINT"], cardpp.PathBeta, endpoint, 1)
		base := start(t, env, nil)
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
		if n := len(u.Calls()); n > most {
			t.Errorf("%d calls: hardly any was shared", n)
		}
	}
}
