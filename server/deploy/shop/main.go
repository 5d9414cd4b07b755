// Command shop is a shop's backend in small: it serves the demonstration checkout, opens scanner sessions with its
// merchant key, and opens the sealed card numbers of the masked mode with its private key. shop.mjs is its twin in
// Node. It is an example to copy from, and the shop of the browser tests.
//
//	SCANNER_API=https://api.example SCANNER_SITE=https://scanner.example \
//	MERCHANT_ID=acme MERCHANT_KEY=… ADDR=localhost:3000 go run ./server/deploy/shop
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"ocrbankcard/internal/cardnumber"
)

// shop holds what the backend knows and the browser never sees.
type shop struct {
	api, site, origin string // the scanner's server, where its static site lies, and the shop's own origin
	scanner           string // origin of site
	id, key           string // merchant
	mask              bool
	read              string
	private           *ecdsa.PrivateKey // opens sealed numbers; a real shop keeps it in its vault
	client            http.Client
	pages             http.Handler
}

func main() {
	s, err := configure()
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /session", s.session)
	mux.HandleFunc("POST /order", s.order)
	mux.HandleFunc("GET /{$}", s.checkout)
	mux.Handle("GET /", s.pages)
	addr := env("ADDR", "localhost:3000")
	log.Printf("the shop is open at %s", s.origin)
	log.Fatal((&http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 5 * time.Second}).ListenAndServe())
}

func env(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

func configure() (*shop, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	addr := env("ADDR", "localhost:3000")
	s := &shop{
		api: strings.TrimSuffix(env("SCANNER_API", "http://localhost:8080"), "/"), site: strings.TrimSuffix(env("SCANNER_SITE", "http://localhost:8080"), "/"),
		origin: env("SHOP_ORIGIN", "http://"+addr), id: os.Getenv("MERCHANT_ID"), key: os.Getenv("MERCHANT_KEY"),
		mask: os.Getenv("MASK") != "", read: env("READ", "server"), private: private,
		client: http.Client{Timeout: 5 * time.Second}, pages: http.FileServer(http.Dir(env("DIST", "web/dist"))),
	}
	site, err := url.Parse(s.site)
	if err != nil || site.Host == "" {
		return nil, errors.New("SCANNER_SITE: want an address such as https://cdn.example/scanner")
	}
	s.scanner = site.Scheme + "://" + site.Host
	if s.id == "" || s.key == "" {
		return nil, errors.New("MERCHANT_ID and MERCHANT_KEY: set both, as the scanner's operator gave them")
	}
	return s, nil
}

// session asks the scanner's server for a session, with the merchant key that only this backend has.
func (s *shop) session(w http.ResponseWriter, r *http.Request) {
	ask := map[string]any{"origin": s.origin, "scans": 3, "read": s.read}
	if s.mask {
		ask["mask"], ask["key"] = true, jose.JSONWebKey{Key: s.private.Public()}
	}
	body, err := json.Marshal(ask)
	if err != nil {
		fail(w, err)
		return
	}
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, s.api+"/v1/sessions", bytes.NewReader(body))
	if err != nil {
		fail(w, err)
		return
	}
	req.SetBasicAuth(s.id, s.key)
	resp, err := s.client.Do(req)
	if err != nil {
		fail(w, err)
		return
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		reason, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10)) // what is wrong with the key or the request; never the key
		fail(w, fmt.Errorf("the scanner's server answered %s: %s", resp.Status, bytes.TrimSpace(reason)))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, io.LimitReader(resp.Body, 16<<10)); err != nil {
		log.Print("session: ", err)
	}
}

// sealed is what the masked mode's JWE holds.
type sealed struct {
	Number  string `json:"number"`
	Session string `json:"session"` // jti: a shop remembers it until it expires, and takes each only once
	Time    int64  `json:"time"`    // unix seconds
}

// order opens a sealed number. A real shop would now charge the card; this one answers with the masked number.
func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	box, err := io.ReadAll(io.LimitReader(r.Body, 8<<10))
	if err != nil {
		fail(w, err)
		return
	}
	jwe, err := jose.ParseEncryptedCompact(strings.TrimSpace(string(box)), []jose.KeyAlgorithm{jose.ECDH_ES}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		http.Error(w, "this is no sealed number", http.StatusBadRequest)
		return
	}
	text, err := jwe.Decrypt(s.private)
	if err != nil {
		http.Error(w, "this was sealed for somebody else", http.StatusBadRequest)
		return
	}
	var in sealed
	if err := json.Unmarshal(text, &in); err != nil {
		fail(w, errors.New("the sealed text is no JSON"))
		return
	}
	n, err := cardnumber.Parse(in.Number)
	if err != nil || time.Since(time.Unix(in.Time, 0)) > 10*time.Minute {
		http.Error(w, "the sealed number is damaged or too old", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "charged %v (%s)\n", n, n.Brand())
}

var localScanner = regexp.MustCompile(`<script type="module" src="scanner\.js" crossorigin( integrity="[^"]*")>`)

// checkout serves the shop's own page where DIST has no demonstration; else the demonstration page with the scanner's own
// address and this shop's session endpoint in it, under a policy as strict as a careful shop's: the scanner needs script-src
// and frame-src for its origin, nothing else.
func (s *shop) checkout(w http.ResponseWriter, r *http.Request) {
	page, err := os.ReadFile(env("DIST", "web/dist") + "/checkout.html")
	if errors.Is(err, os.ErrNotExist) {
		s.pages.ServeHTTP(w, r)
		return
	}
	if err != nil {
		fail(w, err)
		return
	}
	page = localScanner.ReplaceAll(page, []byte(`<script type="module" crossorigin src="`+s.site+`/scanner.js"$1>`))
	page = bytes.Replace(page, []byte(`name="session-endpoint" content=""`), []byte(`name="session-endpoint" content="/session"`), 1)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+s.scanner+"; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src "+s.scanner+"; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
	w.Header().Set("Permissions-Policy", `camera=(self "`+s.scanner+`")`)
	if _, err := w.Write(page); err != nil {
		log.Print("checkout: ", err)
	}
}

// fail tells the browser little and the log more; neither text ever holds a number or a key.
func fail(w http.ResponseWriter, err error) {
	log.Print(err)
	http.Error(w, "the shop's backend could not do that", http.StatusBadGateway)
}
