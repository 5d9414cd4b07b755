package slim

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// compiled returns testdata/work as the linker leaves it.
func compiled(t *testing.T) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "work.wasm")
	cmd := exec.Command("go", "build", "-o", out, "./testdata/work")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if message, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, message)
	}
	module, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// run returns what a module says in node.
func run(t *testing.T, module []byte, args ...string) (out, faults string, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "work.wasm")
	if err := os.WriteFile(file, module, 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	runner := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js")
	cmd := exec.Command("node", append([]string{"--stack-size=8000", runner, file}, args...)...)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err = cmd.Run()
	return o.String(), e.String(), err
}

func TestASlimModuleDoesTheSame(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("SKIPPED: node is not installed, that slim modules do the same stays unproven")
	}
	whole := compiled(t)
	small, err := Module(whole, "main.")
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := run(t, whole)
	if err != nil {
		t.Fatal(err)
	}
	got, faults, err := run(t, small)
	if err != nil || got != want {
		t.Errorf("%v %s\nit says\n%swant\n%s", err, faults, got, want)
	}
	if !strings.Contains(want, "4095\n7\n") || strings.Count(want, " - ") != 6 || strings.Contains(want, "nil>") {
		t.Errorf("the test's own program says\n%s", want)
	}

	// A crash for good still says what happened and in which of our functions, and no longer with what arguments.
	_, faults, err = run(t, small, "crash")
	if err == nil {
		t.Error("it did not crash")
	}
	for text, said := range map[string]bool{
		"panic: for good, at 4": true, "main.explode(...)": true, "main.main()": true, "main.go": false, "0x10": false,
	} {
		if strings.Contains(faults, text) != said {
			t.Errorf("%q in the fault: %v\n%s", text, !said, faults)
		}
	}
}

func TestNamesThatTheRuntimeComparesStay(t *testing.T) {
	for name, want := range map[string]string{
		"runtime.main":                             "runtime.",
		"runtime.(*mheap).alloc":                   "runtime.(*mheap).",
		"internal/runtime/atomic.Load":             "internal/runtime/atomic.",
		"example.com/a%2eb/c.New":                  "example.com/a%2eb/c.",
		"time.Time.String":                         "time.",
		"slices.SortFunc[...]":                     "slices.",
		"slices.(*list[go.shape./a/b.int]).Len":    "slices.(*list[go.shape./a/b.int]).Len",
		"type:.eq.[2]runtime.Frame":                "type:.",
		"memeqbody":                                "",
		"github.com/hexops/vecty.(*HTML).Key-fm":   "github.com/hexops/vecty.(*HTML).",
		"github.com/hexops/vecty.init.0.func1.1-2": "github.com/hexops/vecty.",
	} {
		if got := owner(name); got != want {
			t.Errorf("of %s stays %q, want %q", name, got, want)
		}
	}
}

func TestMemoryStaysWhatItIs(t *testing.T) {
	m := memory{base: 4096, bytes: make([]byte, 300000)}
	for at := 1; at < len(m.bytes); at += 1 + at/3 {
		m.bytes[at] = byte(at)
	}
	body := m.segments()
	again, err := parseMemory(body)
	if err != nil {
		t.Fatal(err)
	}
	of := func(m memory) []byte { return append(make([]byte, m.base), bytes.TrimRight(m.bytes, "\x00")...) }
	if !bytes.Equal(of(again), of(m)) {
		t.Error("taken apart and put together, it is another")
	}
	if len(body) > 20000 {
		t.Errorf("%d bytes for some 40 that are not zero", len(body))
	}
}

func TestOtherModulesAreRefused(t *testing.T) {
	data := func(body string) []byte { return join([]section{{dataSection, []byte(body)}}) }
	overlap := data("\x02\x00\x41\x10\x0b\x02ab\x00\x41\x11\x0b\x01c")
	for name, module := range map[string][]byte{
		"empty": nil, "no module": []byte("<!doctype html>"), "no data": header, "cut off": compiled(t)[:100000],
		"passive segment": data("\x01\x01\x01a"), "cut segment": data("\x01\x00\x41\x10\x0b\x09a"), "overlap": overlap,
		"not of Go": data("\x01\x00\x41\x10\x0b\x01a"), "table cut off": data("\x01\x00\x41\x10\x0b\x08" + string(magic)),
	} {
		var wrong FormatError
		if out, err := Module(module); !errors.As(err, &wrong) || out != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhereTheCodeBegins(t *testing.T) {
	module := compiled(t)
	at := Code(module)
	if at == 0 || module[at] != codeSection {
		t.Fatalf("at %d", at)
	}
	before, err := parse(module[:at])
	if err != nil || slices.ContainsFunc(before, func(s section) bool { return s.id == codeSection }) {
		t.Errorf("%d bytes before the code are no whole sections: %v", at, err)
	}
	for _, other := range [][]byte{nil, []byte("text"), module[:at], module[:at+9]} {
		if got := Code(other); got != 0 {
			t.Errorf("%d bytes: %d", len(other), got)
		}
	}
}
