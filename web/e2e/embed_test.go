package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
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
	server := strings.NewReplacer("root /srv/scanner", "root "+strings.TrimSuffix(folder, under), "/srv/scanner", folder, "8443", "127.0.0.1:"+port, "https://shop.example", shops).Replace(string(example))
	conf := ""
	if os.Geteuid() == 0 { // as root it would change to a user that may not read the test's folders
		conf = "user root;\n"
	}
	conf += "daemon off; pid " + dir + "/pid; error_log stderr; worker_processes 1;\nevents { worker_connections 64; }\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		conf += kind + "_temp_path " + dir + "/" + kind + ";\n"
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

func TestTheShopsFormIsFilled(t *testing.T) {
	m := openMall(t)
	ctx := browser(t, camera(t, shownFile))
	checkout(t, ctx, m.shop)
	ask[any](t, ctx, `void (window.heard = [], ["ready", "scan", "cancel", "error"].forEach(n => addEventListener("bankcard-" + n, e => heard.push([n, e.detail]))))`)
	m.scan(t, ctx)
	wait(t, ctx, `document.getElementById("number").value.replace(/ /g, "") === "`+shown+`"`)
	wait(t, ctx, `heard.length === 2 && heard[0][0] === "ready" && heard[1][0] === "scan"`)
	detail := ask[map[string]any](t, ctx, `heard[1][1]`)
	if detail["number"] != shown || detail["masked"] != "620550•••••••••0004" || detail["brand"] != "UnionPay" || detail["luhn"] != true || len(detail["bound"].([]any)) != 4 {
		t.Error("the event does not say what was scanned")
	}
	if c, ok := detail["confidence"].(float64); !ok || c <= 0 || c > 1 {
		t.Errorf("confidence %v", detail["confidence"])
	}
	if !ask[bool](t, ctx, `document.activeElement.name === "expiry" && !document.querySelector("bank-card-scanner").isOpen && !document.querySelector("bank-card-scanner").shadowRoot.querySelector("iframe")`) {
		t.Error("the scanner is not gone, or the focus did not move on")
	}
	if !ask[bool](t, ctx, `(document.documentElement.dir = "rtl", getComputedStyle(document.getElementById("number")).direction === "ltr")`) {
		t.Error("from right to left, the number's groups stand in reverse")
	}
	for name, p := range map[string]*process{"server": m.server, "shop": m.backend} {
		if strings.Contains(p.out.String(), shown) || strings.Contains(p.out.String(), merchantKey) {
			t.Errorf("the %s's log holds the number or the key", name)
		}
	}
}

// A session's scans are counted by the server; the frame's own origin, and no other, may use it.
func TestSessionsAreRefusedInTheBrowser(t *testing.T) {
	m := openMall(t)
	ctx := browser(t, camera(t, shownFile))
	checkout(t, ctx, m.shop)
	token := ask[string](t, ctx, `fetch("/session", { method: "POST" }).then(r => r.json()).then(r => r.session)`)
	visit(t, ctx, m.site+"/index.html")
	call := func(token string) string { t.Helper(); return askAPI(t, ctx, m, token) }
	for i := range 3 {
		if got := call(token); got != "200 ok" {
			t.Fatalf("scan %d of 3: %s", i+1, got)
		}
	}
	for name, c := range map[string]struct{ token, want string }{
		"over its count": {token, "403 AUTHORIZATION_ERROR: Denied by Client"},
		"forged":         {token[:len(token)-6] + "AAAAAA", "401 AUTHENTICATION_ERROR"},
		"another text":   {"x.y.z", "401 AUTHENTICATION_ERROR"},
		"expired":        {expired(t, token), "401 AUTHENTICATION_ERROR"},
	} {
		if got := call(c.token); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := call(""); !strings.HasPrefix(got, "40") {
		t.Errorf("without a session: %s", got)
	}

	// A page of another origin is not even let ask; one of another shop is let ask, and refused.
	fresh := m.session(t)
	checkout(t, ctx, strings.Replace(m.shop, "shop.localhost", "thief.localhost", 1))
	if got := askAPI(t, ctx, m, fresh); got != "TypeError" {
		t.Errorf("a foreign page with a good session: %s", got)
	}
	checkout(t, ctx, strings.Replace(m.shop, "shop.localhost", "other.localhost", 1))
	if got := askAPI(t, ctx, m, fresh); got != "403 AUTHORIZATION_ERROR: Denied by Client" {
		t.Errorf("another shop's page with a good session: %s", got)
	}
	visit(t, ctx, m.site+"/index.html")
	if got := askAPI(t, ctx, m, fresh); got != "200 ok" {
		t.Errorf("after all that, the scanner's own page: %s", got)
	}
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

// askAPI calls the API from the page that is open, past that page's own policy, and returns status and message, or the name
// of the error that the browser gives where it lets nothing through.
func askAPI(t *testing.T, ctx context.Context, m *mall, token string) string {
	t.Helper()
	_, err := chromedp.Call(ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
	must(t, err)
	return ask[string](t, ctx, fmt.Sprintf(`(async () => {
		const canvas = new OffscreenCanvas(320, 240); canvas.getContext("2d").fillRect(0, 0, 320, 240);
		const form = new FormData(); form.append("image_file", await canvas.convertToBlob({ type: "image/jpeg" }));
		const answer = await fetch(%q, { method: "POST", body: form, headers: %q ? { authorization: "Bearer " + %q } : {} });
		return answer.status + " " + ((await answer.json()).error_message ?? "ok");
	})().catch(error => error.name)`, m.api+"/cardpp/beta/ocrbankcard", token, token))
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

// Pages that the session does not name get no scanner, and messages from other windows are not heard.
func TestForeignPagesAndWindowsAreRefused(t *testing.T) {
	m := openMall(t)
	ctx := browser(t, camera(t, shownFile))
	checkout(t, ctx, m.shop)
	token := ask[string](t, ctx, `fetch("/session", { method: "POST" }).then(r => r.json()).then(r => r.session)`)

	// The shop's own page on another origin, with the true shop's token.
	other := strings.Replace(m.shop, "shop.localhost", "thief.localhost", 1)
	checkout(t, ctx, other)
	ask[any](t, ctx, fmt.Sprintf(`void (() => { const s = document.querySelector("bank-card-scanner"); s.session = %q;
		addEventListener("bankcard-error", e => window.failed = e.detail.code); addEventListener("bankcard-ready", () => window.failed = "none"); s.open(); })()`, token))
	wait(t, ctx, `window.failed`)
	if code := ask[string](t, ctx, `window.failed`); code != "origin" {
		t.Errorf("the thief's page was told %q", code)
	}

	// The shop's window hears a hello and a scan that the scanner's frame did not send.
	checkout(t, ctx, m.shop)
	ask[any](t, ctx, `void (() => { window.heard = []; addEventListener("bankcard-scan", e => heard.push(e.detail)); addEventListener("bankcard-ready", () => heard.push("ready"));
		const s = document.querySelector("bank-card-scanner"); s.open(); window.postMessage({ bankcard: "hello" }, "*"); window.postMessage({ type: "scan", number: "1".repeat(16) }, "*"); })()`)
	wait(t, ctx, `heard.length > 0`)
	time.Sleep(time.Second) // whatever else was heard has come by now
	if heard := ask[string](t, ctx, `JSON.stringify(heard)`); heard != `["ready"]` {
		t.Errorf("the shop heard %s, not only that its scanner is ready", heard)
	}
}

// offer frames the scanner by hand, for the shop that it is told of, and connects to it: by the page around it, or by a
// window that is not the frame's parent. It returns what the frame says to that.
func (m *mall) offer(t *testing.T, ctx context.Context, token string) (toParent, toStranger string) {
	t.Helper()
	ask[any](t, ctx, fmt.Sprintf(`void new Promise(done => { const f = document.createElement("iframe"); f.id = "byhand"; f.onload = done; f.src = %q; document.body.append(f); })`, m.site+"/index.html?shop="+m.shop))
	connect := func(to string) string {
		return fmt.Sprintf(`new Promise(said => { const c = new MessageChannel(); c.port1.onmessage = e => said(e.data.type); setTimeout(said, 4000, "nothing");
			%s.postMessage({ bankcard: "connect", session: %q }, "*", [c.port2]); })`, to, token)
	}
	inner := m.frame(t, ctx)
	wait(t, inner, `window.bankCardHost`)
	toStranger = ask[string](t, inner, connect("window"))
	return ask[string](t, ctx, connect(`document.getElementById("byhand").contentWindow`)), toStranger
}

// The frame hears its parent alone, and only from the origin that it was made for.
func TestTheFrameHearsItsShopAlone(t *testing.T) {
	m := openMall(t)
	ctx := browser(t, camera(t, shownFile))
	checkout(t, ctx, m.shop)
	token := ask[string](t, ctx, `fetch("/session", { method: "POST" }).then(r => r.json()).then(r => r.session)`)
	if toParent, toStranger := m.offer(t, ctx, token); toStranger != "nothing" || toParent != "ready" {
		t.Errorf("the shop was told %q, a stranger %q", toParent, toStranger)
	}
	checkout(t, ctx, strings.Replace(m.shop, "shop.localhost", "thief.localhost", 1))
	if toParent, _ := m.offer(t, ctx, token); toParent != "nothing" {
		t.Errorf("a page that lies about its origin was told %q", toParent)
	}
}

// In the masked mode the shop's page holds only the masked number and a box that its backend alone can open.
func TestTheMaskedPageNeverHoldsTheNumber(t *testing.T) {
	m := openMall(t, "MASK=1")
	ctx := browser(t, camera(t, shownFile))
	sent := traffic(t, ctx)
	checkout(t, ctx, m.shop)
	ask[any](t, ctx, `void addEventListener("bankcard-scan", e => window.scanned = e.detail)`)
	m.scan(t, ctx)
	wait(t, ctx, `window.scanned`)
	if !ask[bool](t, ctx, `scanned.number === undefined && scanned.masked === "620550•••••••••0004" && document.getElementById("number").value === scanned.masked`) {
		t.Error("the page was not given the masked number, or more than that")
	}
	if got := ask[string](t, ctx, `fetch("/order", { method: "POST", body: scanned.sealed }).then(r => r.text())`); got != "charged 620550•••••••••0004 (UnionPay)\n" {
		t.Errorf("the backend could not open the box: %q", got)
	}
	for _, spaced := range []string{shown, "6205 5000 0000 0000 004"} {
		if !sent.has("POST "+m.shop+"/order") || !sent.has("eyJ") { // the box, among all that the page sent
			t.Fatal("the page's requests were not seen")
		}
		if sent.has(spaced) {
			t.Error("the number is in what the shop's page sent")
		}
		if strings.Contains(heap(t, ctx), spaced) {
			t.Error("the number is in the shop page's memory")
		}
		if ask[bool](t, ctx, fmt.Sprintf(`document.documentElement.outerHTML.includes(%q)`, spaced)) {
			t.Error("the number is in the shop's document")
		}
		if strings.Contains(m.backend.out.String()+m.server.out.String(), spaced) {
			t.Error("the number is in a log")
		}
	}
}
