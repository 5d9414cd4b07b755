package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
	"ocrbankcard/server/internal/session"
)

// TestNoAnswerHoldsASecret: a server that knows every secret there is answers every route, to callers of every kind,
// over an upstream that gives back what it was sent; no header and no body of an answer, and no line of the log, has one.
func TestNoAnswerHoldsASecret(t *testing.T) {
	const merchantKey, apiSecret = "merchant-key/0123456789+abcdef==!", "api-secret-77c0"
	certificate, key := testCertificate(t)
	pem, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	u := &facepptest.Upstream{Answer: echoSecrets}
	var log lockedBuffer
	base, _, stop := startStoppable(t, withFacePP(t, u, "LOG_LEVEL", "debug", "FACEPP_BUDGET", "200ms", "MERCHANTS", "shop:"+merchantKey+":https://shop.example",
		"API_KEYS", "machine:"+apiSecret, "CORS_ORIGINS", "https://cdn.example", "DIST", smallSite(t), "TLS_CERT_FILE", certificate, "TLS_KEY_FILE", key), nil, &log)
	base = strings.Replace(base, "http:", "https:", 1)

	client, seen := insecure(t), &answers{}
	token := seen.ask(t, client, http.MethodPost, base+session.Path, nil, func(r *http.Request) { r.SetBasicAuth("shop", merchantKey) })
	var opened struct{ Session string }
	if err := json.Unmarshal([]byte(token), &opened); err != nil || opened.Session == "" {
		t.Fatalf("no session: %v", err)
	}
	for _, e := range every {
		for _, caller := range secretCallers(opened.Session, merchantKey) {
			method, path, _ := strings.Cut(e.call, " ")
			seen.ask(t, client, method, base+path, nil, caller)
		}
	}
	for n := range 10 { // what follows a JPEG's end is no part of the picture, but decides what the upstream answers
		picture := append(asJPEG(t, drawBars(160, 100, barsNumber)), make([]byte, n)...)
		contentType, body := form(t, image1(picture), part{cardpp.ParamKey, []byte("machine")}, part{cardpp.ParamSecret, []byte([]string{apiSecret, apiSecret[1:]}[n/5])})
		seen.ask(t, client, http.MethodPost, base+cardpp.PathV1, body, header("Content-Type", contentType))
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if len(u.Calls()) < 5 || seen.count < 150 || log.String() == "" {
		t.Fatalf("%d calls upstream, %d answers: too few to search", len(u.Calls()), seen.count)
	}
	for name, secret := range map[string]string{
		"Face++'s key": facepKey, "Face++'s secret": facepSecret, "the merchant's key, which signs sessions": merchantKey, "a machine's secret": apiSecret,
		"the certificate's key": strings.Split(string(pem), "\n")[1],
	} {
		if !holds(seen.text.String()+secret, secret) {
			t.Fatal("the search would not find " + name)
		}
		if holds(seen.text.String(), secret) {
			t.Errorf("an answer holds %s", name)
		}
		if holds(log.String(), secret) {
			t.Errorf("the log holds %s", name)
		}
	}
}

// echoSecrets is an upstream that repeats what it was sent in every part of its answers.
func echoSecrets(c facepptest.Call) facepptest.Reply {
	echo := fmt.Sprintf(`"error_message":"AUTHENTICATION_ERROR: %s %s","bank_cards":[],"image_id":"%s","request_id":"%s"`, c.Key, c.Secret, c.Secret, c.Secret)
	return facepptest.Reply{Status: []int{200, 401, 403, 500, 502}[len(c.File)%5], Body: "{" + echo + "}"}
}

// secretCallers are those who call with a secret, or with nearly one, or with none.
func secretCallers(token, merchantKey string) []func(*http.Request) {
	return []func(*http.Request){
		header("X", "y"), header("Origin", "https://cdn.example"), header("Origin", "https://evil.example"), header("Sec-Fetch-Site", "same-origin"),
		header("Authorization", "Bearer "+token), header("Authorization", "Bearer "+token[:40]),
		func(r *http.Request) { r.SetBasicAuth("shop", merchantKey) }, func(r *http.Request) { r.SetBasicAuth("shop", merchantKey+"x") },
		func(r *http.Request) {
			r.SetBasicAuth("shop", merchantKey)
			r.Header.Set("Origin", "https://shop.example")
		},
	}
}

// answers gathers the headers and bodies of all that a client was told.
type answers struct {
	text  bytes.Buffer
	count int
}

func (a *answers) ask(t *testing.T, client *http.Client, method, url string, body []byte, edit func(*http.Request)) string {
	t.Helper()
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	edit(r)
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	a.count++
	a.text.WriteString(answer.Status + "\n")
	if err := answer.Header.Write(&a.text); err != nil {
		t.Fatal(err)
	}
	a.text.Write(append(text, '\n'))
	return string(text)
}

// holds looks for a secret as it is and in the usual disguises.
func holds(text, secret string) bool {
	quoted, _ := json.Marshal(secret) // a string always has a JSON form
	for _, form := range []string{
		secret, strings.Trim(string(quoted), `"`), url.QueryEscape(secret), url.PathEscape(secret), hex.EncodeToString([]byte(secret)),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	} {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

// TestTheSearchForSecretsFinds: the search above finds what it looks for.
func TestTheSearchForSecretsFinds(t *testing.T) {
	const secret = "a/b+c d"
	for _, text := range []string{"x=a/b+c d;", "x=a%2Fb%2Bc+d", "612f622b632064", "YS9iK2MgZA=="} {
		if !holds(text, secret) {
			t.Errorf("not found in %q", text)
		}
	}
	if holds("a/b c d", secret) {
		t.Error("found where it is not")
	}
}
