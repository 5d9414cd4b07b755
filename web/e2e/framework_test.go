package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// A page in React and one in Vue, each checked by the TypeScript compiler against scanner.d.ts and built with Vite, scan
// into an input that the framework controls.
func TestReactUsesTheElementThroughItsTypes(t *testing.T) { testFramework(t, "react") }
func TestVueUsesTheElementThroughItsTypes(t *testing.T)   { testFramework(t, "vue") }

// uses is what else a shop's script says to the element: that it has events of its own hides none that every element has.
const uses = `import type { BankCardError } from "../../../scanner";
const element = document.createElement("bank-card-scanner");
element.addEventListener("bankcard-error", ({ detail }) => { const error: BankCardError = detail; console.log(error.code); });
element.addEventListener("click", ({ clientX }) => console.log(clientX));
const left = ({ relatedTarget }: FocusEvent) => console.log(relatedTarget);
element.addEventListener("focusout", left);
element.removeEventListener("focusout", left);
element.session = async () => "token";
`

func testFramework(t *testing.T, name string) {
	need(t, "node")
	app := filepath.Join(t.TempDir(), "web", "e2e", name)
	must(t, os.CopyFS(app, os.DirFS(name)))
	must(t, os.WriteFile(filepath.Join(app, "../../scanner.d.ts"), []byte(file(t, "web/scanner.d.ts")), 0o600))
	must(t, os.WriteFile(filepath.Join(app, "src", "uses.ts"), []byte(uses), 0o600))
	install(t, app)
	must(t, runIn(app, nil, "npm", "run", "check"))

	out := filepath.Join(t.TempDir(), "out")
	must(t, os.Mkdir(out, 0o755))
	must(t, os.WriteFile(filepath.Join(out, "index.html"), []byte("soon"), 0o600)) // until the build knows the scanner's address
	m := openMall(t, "DIST="+out)
	must(t, runIn(app, []string{"VITE_SCANNER=" + m.site}, "npx", "vite", "build", "--outDir", out, "--emptyOutDir"))
	ctx := browser(t, camera(t, shownFile))
	checkout(t, ctx, m.shop)
	if mode := ask[string](t, ctx, `document.querySelector("bank-card-scanner").getAttribute("mode") ?? ""`); mode != "dialog" {
		t.Errorf("of an attribute that is also a property, %q arrived", mode)
	}
	m.scan(t, ctx)
	wait(t, ctx, `document.getElementById("state").textContent === "`+shown+`"`)
	wait(t, ctx, `document.getElementById("brand").textContent === "UnionPay"`)
}

// What is true or false arrives from Vue, Svelte and Preact as that very word: there is no input called true, and mask="false"
// asks for no masked mode.
func TestTrueAndFalseAreWrittenOut(t *testing.T) {
	scanner, _ := serveScanner(t)
	ctx := browser(t, camera(t, "nocard.jpg"))
	visit(t, ctx, shopPage(t, scanner, `<form><bank-card-scanner mask="false"></bank-card-scanner><input autocomplete="cc-number"></form>`))
	wait(t, ctx, `document.querySelector("bank-card-scanner").shadowRoot`)
	for fill, want := range map[string]string{"true": "4111111111111111", "false": ""} {
		ask[any](t, ctx, `void (heard = [], window.one = document.querySelector("bank-card-scanner"), window.input = document.querySelector("input"), input.value = "", one.setAttribute("fill", `+quoted(fill)+`), one.open())`)
		typed(t, ctx, scanner)
		if got := ask[string](t, ctx, `input.value`); got != want {
			t.Errorf("with fill=%q the input holds %d digits, want %d", fill, len(got), len(want))
		}
	}
	ask[any](t, ctx, `void (heard = [], one.setAttribute("mask", "true"), one.open())`)
	wait(t, ctx, `heard.includes("error")`) // there is no session with a key
}
