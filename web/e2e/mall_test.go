package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/golang-jwt/jwt/v5"
)

// The number that the fake camera of these tests shows. Its check digit is wrong, as on most specimens.
const shown, shownFile = "6205500000000000004", "row19.jpg"

const (
	merchantID  = "acme"
	merchantKey = "a-test-key-that-is-long-enough-for-hs256"
)

// mall is the whole arrangement of production on three origins: a shop, the scanner's static site behind a real nginx,
// under a path, and the API. Each has a host name of its own under localhost, so that the browser keeps them in separate
// processes.
type mall struct {
	shop, scanner, api string // origins
	site               string // where the scanner's site lies
	folder             string // what nginx serves there
	server, backend    *process
}

// under is the path of the site on the CDN.
const under = "/cards/v2"

// openMall starts it all. shopEnv goes to the shop's backend, "MASK=1" for one.
func openMall(t *testing.T, shopEnv ...string) *mall {
	t.Helper()
	need(t, "chromium", "nginx")
	shopPort, scannerPort, apiPort := port(t), port(t), port(t)
	m := &mall{shop: "http://shop.localhost:" + shopPort, scanner: "http://scanner.localhost:" + scannerPort, api: "http://api.localhost:" + apiPort}
	m.site, m.folder = m.scanner+under, cdnSite(t, m.api)
	m.server = start(t, "http://localhost:"+apiPort+"/healthz", []string{
		"ADDR=localhost:" + apiPort, "DIST=" + m.folder, "CORS_ORIGINS=" + m.scanner, "LOG_LEVEL=debug",
		"MERCHANTS=" + merchantID + ":" + merchantKey + ":" + m.shop + ",other:another-" + merchantKey + ":" + strings.Replace(m.shop, "shop.", "other.", 1),
	}, program(t, "./server"))
	startNginx(t, m.folder, scannerPort, "*")
	m.backend = start(t, "http://localhost:"+shopPort+"/", append([]string{
		"ADDR=localhost:" + shopPort, "SHOP_ORIGIN=" + m.shop, "SCANNER_SITE=" + m.site, "SCANNER_API=http://localhost:" + apiPort,
		"MERCHANT_ID=" + merchantID, "MERCHANT_KEY=" + merchantKey, "DIST=" + m.folder,
	}, shopEnv...), program(t, "./server/deploy/shop"))
	return m
}

// cdnSite is the site with its API on another origin, changed as server/deploy/cdn/README.md says: without a rebuild.
func cdnSite(t *testing.T, api string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), under)
	must(t, os.MkdirAll(filepath.Dir(folder), 0o755))
	must(t, os.CopyFS(folder, os.DirFS(dist(t))))
	for name, change := range map[string][2]string{
		"config.json":        {`"api":""`, `"api":"` + api + `"`},
		"headers.json":       {"connect-src 'self'", "connect-src 'self' " + api},
		"headers.nginx.conf": {"connect-src 'self'", "connect-src 'self' " + api},
		"headers.caddy":      {"connect-src 'self'", "connect-src 'self' " + api},
	} {
		file := filepath.Join(folder, name)
		text, err := os.ReadFile(file)
		must(t, err)
		if !strings.Contains(string(text), change[0]) {
			t.Fatalf("%s lacks %s", name, change[0])
		}
		must(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), change[0], change[1])), 0o644))
	}
	return folder
}

// startNginx serves a site, under its path, by the very configuration in server/deploy/cdn, with this machine's ports and
// folders, and with the origins that may frame it.
func startNginx(t *testing.T, folder, port, shops string) {
	t.Helper()
	example, err := os.ReadFile(filepath.Join(root, "server/deploy/cdn/nginx.conf"))
	must(t, err)
	dir := t.TempDir()
	server := strings.NewReplacer("root /srv/scanner", "root '"+strings.TrimSuffix(folder, under)+"'", "/srv/scanner/headers.nginx.conf", "'"+folder+"/headers.nginx.conf'", "8443", "127.0.0.1:"+port, "https://shop.example", shops).Replace(string(example))
	conf := ""
	if os.Geteuid() == 0 { // as root it would change to a user that may not read the test's folders
		conf = "user root;\n"
	}
	conf += "daemon off; pid '" + dir + "/pid'; error_log stderr; worker_processes 1;\nevents { worker_connections 64; }\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		conf += kind + "_temp_path '" + dir + "/" + kind + "';\n"
	}
	file := filepath.Join(dir, "nginx.conf")
	must(t, os.WriteFile(file, []byte(conf+server+"}\n"), 0o600))
	start(t, "http://localhost:"+port+under+"/index.html", nil, "nginx", "-p", dir, "-e", "stderr", "-c", file)
}

// checkout opens the shop's page and waits until the element is defined.
func checkout(t *testing.T, ctx context.Context, origin string) {
	t.Helper()
	visit(t, ctx, origin+"/")
	wait(t, ctx, `document.querySelector("bank-card-scanner")?.shadowRoot`)
}

// visit opens a page.
func visit(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.Navigate(url)))
}

// frame waits for the scanner's frame, which has a process of its own, and returns a context inside it.
func (m *mall) frame(t *testing.T, ctx context.Context) context.Context {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		targets, err := chromedp.Targets(ctx)
		must(t, err)
		for _, target := range targets {
			if target.Type == "iframe" && strings.HasPrefix(target.URL, m.scanner) {
				inner, stop := chromedp.NewContext(ctx, chromedp.WithTargetID(target.TargetID))
				t.Cleanup(stop)
				return inner
			}
		}
	}
	t.Fatal("the scanner's frame never came")
	return nil
}

// scan presses the shop's button, takes the picture in the frame and confirms the number.
func (m *mall) scan(t *testing.T, ctx context.Context) {
	t.Helper()
	ask[any](t, ctx, `void document.querySelector("bank-card-scanner").shadowRoot.querySelector("button").click()`)
	m.confirm(t, ctx)
}

func (m *mall) confirm(t *testing.T, ctx context.Context) {
	t.Helper()
	inner := m.frame(t, ctx)
	read(t, inner)
	ask[any](t, inner, `void document.querySelector("[data-do=use]").click()`)
}

// read waits for the camera, takes a picture unless the page does it first, and waits for the number.
func read(t *testing.T, ctx context.Context) {
	t.Helper()
	wait(t, ctx, `document.querySelector(".groups .group") || document.querySelector("[data-do=shutter]")?.disabled === false && (document.querySelector("[data-do=shutter]").click(), true)`)
	wait(t, ctx, `document.querySelector(".groups .group")`)
}

// session asks the shop's backend for one.
func (m *mall) session(t *testing.T) string {
	t.Helper()
	answer, err := http.Post("http://localhost:"+m.shop[strings.LastIndex(m.shop, ":")+1:]+"/session", "", nil)
	must(t, err)
	defer answer.Body.Close()
	var opened struct{ Session string }
	must(t, json.NewDecoder(answer.Body).Decode(&opened))
	return opened.Session
}

// expired is a session as the shop's backend would sign it itself, of an hour ago.
func expired(t *testing.T, token string) string {
	t.Helper()
	claims := jwt.MapClaims{}
	parsed, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return []byte(merchantKey), nil })
	must(t, err)
	then := time.Now().Add(-time.Hour)
	claims["iat"], claims["exp"] = then.Unix(), then.Add(time.Minute).Unix()
	old := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	old.Header["kid"] = parsed.Header["kid"]
	signed, err := old.SignedString([]byte(merchantKey))
	must(t, err)
	return signed
}
