//go:build !js

package simd

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The sections of a module, by their numbers in the WebAssembly core specification, section 5.5.
const (
	importSection = 2
	exportSection = 7
)

// module is what the tests look at: the raw sections by number, and the names in two of them.
type module struct {
	sections         map[byte][]byte
	imports, exports []string
}

func readModule(t *testing.T) module {
	t.Helper()
	file, err := os.ReadFile("simd.wasm")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(file, []byte("\x00asm\x01\x00\x00\x00")) {
		t.Fatal("no WebAssembly module of version 1")
	}
	m := module{sections: map[byte][]byte{}}
	for rest := file[8:]; len(rest) > 0; {
		kind := rest[0]
		size, body := number(t, rest[1:])
		m.sections[kind], rest = body[:size], body[size:]
	}
	count, rest := number(t, m.sections[importSection])
	for range count {
		var from, name string
		from, rest = text(t, rest)
		name, rest = text(t, rest)
		if rest[0] != 2 {
			t.Fatalf("%s.%s is imported and is no memory", from, name)
		}
		hasMax, limits := rest[1], rest[2:]
		if hasMax != 0 {
			t.Errorf("%s.%s has a maximum or is shared; Go's memory is neither", from, name)
		}
		_, rest = number(t, limits)
		m.imports = append(m.imports, from+"."+name)
	}
	count, rest = number(t, m.sections[exportSection])
	for range count {
		var name string
		name, rest = text(t, rest)
		if rest[0] != 0 {
			t.Errorf("%s is exported and is no function", name)
		}
		_, rest = number(t, rest[1:])
		m.exports = append(m.exports, name)
	}
	return m
}

// number reads an unsigned LEB128 number; text a string preceded by its length.
func number(t *testing.T, b []byte) (int, []byte) {
	t.Helper()
	v, n := binary.Uvarint(b)
	if n <= 0 {
		t.Fatal("the module ends too early")
	}
	return int(v), b[n:]
}

func text(t *testing.T, b []byte) (string, []byte) {
	t.Helper()
	n, rest := number(t, b)
	return string(rest[:n]), rest[n:]
}

// Go's memory is the module's too: data segments would be copied over whatever Go keeps there, and so would a stack.
func TestTheModuleOwnsNoMemory(t *testing.T) {
	m := readModule(t)
	if !slices.Equal(m.imports, []string{"env.memory"}) {
		t.Errorf("it imports %v, want env.memory alone", m.imports)
	}
	for kind, name := range map[byte]string{5: "memory", 8: "start", 9: "element", 11: "data", 12: "data count"} {
		if _, ok := m.sections[kind]; ok {
			t.Errorf("it has a %s section", name)
		}
	}
}

// A stack in memory needs a global for its pointer. The linker always declares one; that no function uses it shows in
// that the module stays valid without it.
func TestTheModuleUsesNoStackInMemory(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("SKIPPED: node is not installed, the module stays unproven")
	}
	valid := func(without byte) bool {
		m := readModule(t)
		file := []byte("\x00asm\x01\x00\x00\x00")
		for kind := byte(1); kind <= 12; kind++ {
			if body, ok := m.sections[kind]; ok && kind != without {
				file = append(binary.AppendUvarint(append(file, kind), uint64(len(body))), body...)
			}
		}
		cmd := exec.Command("node", "-p", "WebAssembly.validate(fs.readFileSync(0))")
		cmd.Stdin = bytes.NewReader(file)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out) == "true\n"
	}
	const code, global = 10, 6
	if !valid(0) || valid(code) {
		t.Fatal("this test cannot tell a valid module from another")
	}
	if !valid(global) {
		t.Error("a function uses a global, so there is a stack in memory")
	}
}

// A function must have its name in the module, in simd.js, and in simd_wasm.go; ready is answered by simd.js itself.
func TestTheThreeSidesNameTheSameFunctions(t *testing.T) {
	exports := append(readModule(t).exports, "ready")
	slices.Sort(exports)
	for file, pattern := range map[string]string{"simd_wasm.go": `(?m)^//go:wasmimport simd (\w+)`, "simd.js": `(?m)^      (\w+): \(`} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, match := range regexp.MustCompile(pattern).FindAllSubmatch(source, -1) {
			names = append(names, string(match[1]))
		}
		slices.Sort(names)
		if !slices.Equal(names, exports) {
			t.Errorf("%s names %v, want %v", file, names, exports)
		}
	}
}

func TestTheModuleIsWhatItsSourceBuilds(t *testing.T) {
	version, err := exec.Command("clang", "--version").Output()
	if err != nil || !strings.Contains(string(version), "clang version 14.") {
		t.Skip("SKIPPED: the committed module was built by clang 14, which is not installed")
	}
	committed, err := os.ReadFile("simd.wasm")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	if err := os.CopyFS(source, os.DirFS("source")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(filepath.Join(source, "build.sh")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	built, err := os.ReadFile(filepath.Join(dir, "simd.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(built, committed) {
		t.Error("simd.wasm is not what source/build.sh makes: run it and commit both")
	}
}

// The packages that use the kernels compare them with their plain twins; here those tests run in WebAssembly. Without
// the module, the plain loops must give the results that every machine gives.
func TestTheCallersPassTheirTestsInWebAssembly(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("SKIPPED: node is not installed, the SIMD kernels stay untested")
	}
	runner, err := filepath.Abs("run_node.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		setting, tests string
		packages       []string
	}{
		{"NOSIMD=", ".", []string{"../neural", "../frame"}},
		{"NOSIMD=1", "Machine|Every|Shrink|Halve", []string{"../neural", "../frame"}},
		{"NOSIMD=", "Flood|Shrink|Warp|Follow", []string{"../recognize"}},
	} {
		cmd := exec.Command("go", append([]string{"test", "-count=1", "-run", c.tests, "-skip", "Focus|Nonsense", "-exec", "node " + runner}, c.packages...)...)
		cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", c.setting)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", c.setting, err, out)
		}
	}
}
