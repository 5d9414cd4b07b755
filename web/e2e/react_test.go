package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// A React page, checked by the TypeScript compiler against scanner.d.ts and built with Vite, scans into a controlled
// input.
func TestReactUsesTheElementThroughItsTypes(t *testing.T) {
	need(t, "node")
	app := filepath.Join(t.TempDir(), "web", "e2e", "react")
	must(t, os.CopyFS(app, os.DirFS("react")))
	types, err := os.ReadFile("../scanner.d.ts")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(app, "../../scanner.d.ts"), types, 0o600))
	install(t, app)
	must(t, runIn(app, nil, "npm", "run", "check"))

	out := filepath.Join(t.TempDir(), "out")
	must(t, os.Mkdir(out, 0o755))
	must(t, os.WriteFile(filepath.Join(out, "index.html"), []byte("soon"), 0o600)) // until the build knows the scanner's address
	m := openMall(t, "DIST="+out)
	must(t, runIn(app, []string{"VITE_SCANNER=" + m.site}, "npx", "vite", "build", "--outDir", out, "--emptyOutDir"))
	ctx := browser(t, camera(t, shownFile))
	checkout(t, ctx, m.shop)
	m.scan(t, ctx)
	wait(t, ctx, `document.getElementById("state").textContent === "`+shown+`"`)
	wait(t, ctx, `document.getElementById("brand").textContent === "UnionPay"`)
}
