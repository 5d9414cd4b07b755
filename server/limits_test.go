package main

import (
	"net/http"
	"testing"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/limit/limittest"
)

// TestReplicasLimitACallerTogether: a key's, an address' and a session's calls a minute are those to all replicas, where a
// Redis is shared.
func TestReplicasLimitACallerTogether(t *testing.T) {
	redis := limittest.StartRedis(t)
	picture := image1(asJPEG(t, drawBars(320, 200, barsNumber)))
	keyed := []part{picture, {cardpp.ParamKey, []byte("shop")}, {cardpp.ParamSecret, []byte("right")}}
	for name, c := range map[string]struct {
		env   map[string]string
		parts []part
		edit  func(*http.Request)
	}{
		"key":     {map[string]string{"LIMIT_KEY": "3", "API_KEYS": "shop:right"}, keyed, header("X", "y")},
		"address": {map[string]string{"LIMIT_ADDRESS": "3"}, []part{picture}, header("Sec-Fetch-Site", "same-origin")},
	} {
		t.Run(name, func(t *testing.T) {
			c.env["REDIS_URL"] = redis.URL
			replicas := []string{start(t, c.env, reader(t)), start(t, c.env, reader(t))}
			contentType, body := form(t, c.parts...)
			checkThree(t, func(i int) reply { return post(t, replicas[i%2]+cardpp.PathBeta, contentType, body, c.edit) })
		})
	}
	t.Run("session", func(t *testing.T) {
		env := map[string]string{"REDIS_URL": redis.URL, "LIMIT_SESSION": "3", "LIMIT_ADDRESS": "0"}
		one, open := shop(t, env)
		two, _ := shop(t, env)
		token := header("Authorization", "Bearer "+open(`{"scans": 9}`))
		contentType, body := form(t, picture)
		checkThree(t, func(i int) reply { return post(t, []string{one, two}[i%2]+cardpp.PathBeta, contentType, body, token) })
	})
}

// checkThree wants three calls of five answered, the others refused as too many.
func checkThree(t *testing.T, call func(i int) reply) {
	t.Helper()
	for i := range 5 {
		r := call(i)
		if refused := r.json.ErrorMessage == cardpp.ConcurrencyLimit && r.header.Get("Retry-After") != ""; refused != (i >= 3) || !refused && r.status != http.StatusOK {
			t.Errorf("call %d: %d %q", i+1, r.status, r.json.ErrorMessage)
		}
	}
}
