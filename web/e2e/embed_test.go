package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

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
	t.Parallel() // it mostly waits
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
	const wrong = `document.getElementById("number").getAttribute("aria-invalid") === "true"`
	ask[any](t, ctx, `document.getElementById("checkout").requestSubmit()`)
	wait(t, ctx, wrong) // it is missing
	m.scan(t, ctx)
	wait(t, ctx, `window.scanned`)
	if ask[bool](t, ctx, wrong) {
		t.Error("the number that was filled in is still told as missing")
	}
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
	if !ask[bool](t, ctx, `(() => { const form = document.getElementById("checkout"), n = document.getElementById("number"), was = form.dataset.sealed === scanned.sealed
		n.value = "4"; n.dispatchEvent(new InputEvent("input", { bubbles: true })); return was && form.dataset.sealed === undefined })()`) {
		t.Error("an order would pay with the card that was scanned before another number was typed")
	}
}
