package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// backends are the commands of the example shops.
var backends = map[string]func(t *testing.T) []string{
	"Go": func(t *testing.T) []string { return []string{program(t, "./server/deploy/shop")} },
	"Node": func(t *testing.T) []string {
		need(t, "node")
		return []string{"node", root + "/server/deploy/shop/shop.mjs"}
	},
}

// Both examples of a shop's backend open sessions, and open what was sealed for them, only.
func TestTheBackendsOpenSessionsAndBoxes(t *testing.T) {
	for name, command := range backends {
		t.Run(name, func(t *testing.T) {
			argv, apiPort, p := command(t), port(t), port(t)
			api, shop := "http://localhost:"+apiPort, "http://localhost:"+p
			server := start(t, api+"/healthz", []string{"ADDR=localhost:" + apiPort, "DIST=" + t.TempDir(), "MERCHANTS=" + merchantID + ":" + merchantKey + ":" + shop}, program(t, "./server"))
			backend := start(t, api+"/healthz", []string{
				"ADDR=localhost:" + p, "PORT=" + p, "SHOP_ORIGIN=" + shop, "SCANNER_API=" + api, "MERCHANT_ID=" + merchantID, "MERCHANT_KEY=" + merchantKey, "MASK=1",
			}, argv[0], argv[1:]...)

			claims := openSession(t, shop)
			if claims.Origin != shop || claims.Scans != 3 || !claims.Mask {
				t.Errorf("the session says %+v", claims)
			}
			const number = "4111111111111111"
			good := fmt.Sprintf(`{"number":%q,"session":%q,"time":%d}`, number, claims.ID, time.Now().Unix())
			old := fmt.Sprintf(`{"number":%q,"session":%q,"time":%d}`, number, claims.ID, time.Now().Add(-time.Hour).Unix())
			stranger := openSession(t, shop) // its key is the same: a backend keeps one
			other := jose.JSONWebKey{}
			must(t, other.UnmarshalJSON([]byte(`{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`)))
			for name, c := range map[string]struct {
				box    string
				answer string // "" for a refusal
			}{
				"sealed":        {seal(t, claims.Key, good), "charged 411111••••••1111"},
				"of a next one": {seal(t, stranger.Key, good), "charged 411111••••••1111"},
				"for another":   {seal(t, other, good), ""},
				"changed":       {flipLast(seal(t, claims.Key, good)), ""},
				"old":           {seal(t, claims.Key, old), ""},
				"of no time":    {seal(t, claims.Key, fmt.Sprintf(`{"number":%q,"session":%q}`, number, claims.ID)), ""},
				"no box":        {number, ""},
				"nothing":       {"", ""},
				"far too long":  {strings.Repeat("x", 9000), ""},
				"not encrypted": {"eyJhbGciOiJub25lIn0....", ""},
			} {
				answer, err := http.Post(shop+"/order", "text/plain", strings.NewReader(c.box))
				must(t, err)
				text, err := io.ReadAll(answer.Body)
				must(t, err)
				answer.Body.Close()
				if ok := answer.StatusCode == http.StatusOK; ok != (c.answer != "") || !strings.HasPrefix(string(text), c.answer) || strings.Contains(string(text), number) {
					t.Errorf("%s: %d", name, answer.StatusCode)
				}
			}
			log := server.out.String() + backend.out.String()
			if strings.Contains(log, number) || strings.Contains(log, merchantKey) {
				t.Error("a log holds the number or the key")
			}
			decoded, err := base64.RawStdEncoding.DecodeString(number) // what "no box" is to a parser
			must(t, err)
			if strings.Contains(log, strings.ToValidUTF8(string(decoded), "\uFFFD")) {
				t.Error("a log holds the number's bits")
			}
		})
	}
}

// A shop's developer reads in its log why there is no session, as the scanner's server tells it.
func TestTheBackendsTellWhyThereIsNoSession(t *testing.T) {
	for name, command := range backends {
		t.Run(name, func(t *testing.T) {
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					w.WriteHeader(http.StatusBadRequest)
				}
				fmt.Fprintln(w, `{"error":"origin: is not one of the merchant's origins"}`)
			}))
			defer api.Close()
			argv, p := command(t), port(t)
			backend := start(t, api.URL, []string{"ADDR=localhost:" + p, "PORT=" + p, "SCANNER_API=" + api.URL, "MERCHANT_ID=" + merchantID, "MERCHANT_KEY=" + merchantKey}, argv[0], argv[1:]...)
			for end := time.Now().Add(20 * time.Second); !strings.Contains(backend.out.String(), "one of the merchant's origins"); time.Sleep(50 * time.Millisecond) {
				if answer, err := http.Post("http://localhost:"+p+"/session", "", nil); err == nil {
					answer.Body.Close()
				}
				if time.Now().After(end) {
					t.Fatalf("the log says %s", backend.out.String())
				}
			}
		})
	}
}

// claims is what these tests read of a session.
type claims struct {
	ID     string          `json:"jti"`
	Origin string          `json:"origin"`
	Scans  int             `json:"scans"`
	Mask   bool            `json:"mask"`
	Key    jose.JSONWebKey `json:"key"`
}

// openSession asks a backend for a session, as soon as it answers, and returns what the session says.
func openSession(t *testing.T, shop string) (c claims) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		answer, err := http.Post(shop+"/session", "", nil)
		if err != nil {
			if time.Now().After(end) {
				t.Fatal(err)
			}
			continue
		}
		var opened struct{ Session string }
		err = json.NewDecoder(answer.Body).Decode(&opened)
		answer.Body.Close()
		must(t, err)
		parts := strings.Split(opened.Session, ".")
		if len(parts) != 3 || answer.StatusCode != http.StatusOK {
			t.Fatalf("no session: %d", answer.StatusCode)
		}
		text, err := base64.RawURLEncoding.DecodeString(parts[1])
		must(t, err)
		must(t, json.Unmarshal(text, &c))
		return c
	}
}

// seal does what the frame does (host.js), by go-jose.
func seal(t *testing.T, key jose.JSONWebKey, text string) string {
	t.Helper()
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.ECDH_ES, Key: key.Key}, nil)
	must(t, err)
	box, err := e.Encrypt([]byte(text))
	must(t, err)
	compact, err := box.CompactSerialize()
	must(t, err)
	return compact
}

// flipLast changes the last but one character of a text, in its tag.
func flipLast(box string) string {
	at := len(box) - 2
	other := "A"
	if box[at] == 'A' {
		other = "B"
	}
	return box[:at] + other + box[at+1:]
}
