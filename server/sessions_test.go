package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"ocrbankcard/server/internal/observe"
	"ocrbankcard/server/internal/session"
)

// TestRequestsForSessionsAreObserved: who opens how many, whose are refused and why. Neither token nor key is told, nor a name that
// nobody signed in with, which may be anything.
func TestRequestsForSessionsAreObserved(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	var log bytes.Buffer
	base, s := startServer(t, map[string]string{"MERCHANTS": "shop:" + key + ":https://shop.example", "LOG_FORMAT": "json"}, reader(t), &log)
	seen := make(chan struct{}, 1)
	take := s.sessions.Observe
	s.sessions.Observe = func(e *observe.Event) {
		take(e)
		seen <- struct{}{}
	}
	for _, c := range []struct{ user, key, body, want string }{
		{"shop", key, `{}`, `"level":"INFO","msg":"call"|"status":201,"outcome":"opened","caller":"merchant"|"merchant":"shop"`},
		{"shop", key, `{"scans":51}`, `"status":400,"outcome":"Bad Request","caller":"merchant"|"merchant":"shop"|"cause":"scans: want 1 to 50"`},
		{"4111111111111111", key, `{}`, `"status":401,"outcome":"Unauthorized","caller":"nobody"|"cause":"merchant id and key do not match"`},
	} {
		r, err := http.NewRequest(http.MethodPost, base+session.Path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(c.user, c.key)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		<-seen
		line := log.String()
		log.Reset()
		for want := range strings.SplitSeq(c.want+`|"method":"POST","route":"`+session.Path+`"`, "|") {
			if !strings.Contains(line, want) {
				t.Errorf("%s is not in %s", want, line)
			}
		}
		if strings.Count(line, "\n") != 1 || strings.Contains(line, key) || strings.Contains(line, "4111") || strings.Contains(line, "eyJ") {
			t.Errorf("logged: %s", line)
		}
	}
	metrics := text1(t, base+"/metrics")
	for _, outcome := range []string{"opened", "bad_request", "unauthorized"} {
		if want := `scanner_sessions_total{outcome="` + outcome + `"} 1`; !strings.Contains(metrics, want) {
			t.Errorf("no %s", want)
		}
	}
}
