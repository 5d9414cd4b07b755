package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"ocrbankcard/web/build/slim"
)

// The module's build flags. -s and -w leave out the symbol table and DWARF, which no user can read; -trimpath makes
// the result independent of the folder it was built in. Inlining is left to the packages whose inner loops live by it:
// without it, all others are 40 KB smaller after compression (858 → 818). internal/recognize is another 7 KB smaller so
// (850 → 842), and was measured to be as fast. -buildvcs=false: git tells nothing of a clone that belongs to somebody else,
// as one that is mounted in a container, and the compiler would stop. Not used: wasm-opt, which saves under 1 %.
var moduleFlags = []string{
	"-trimpath", "-buildvcs=false", "-ldflags=-s -w",
	"-gcflags=all=-l", "-gcflags=ocrbankcard/internal/...=", "-gcflags=ocrbankcard/internal/recognize=-l",
	"-gcflags=math=", "-gcflags=math/bits=",
}

// ours are the packages whose functions keep their names, for the report of a crash.
var ours = []string{"ocrbankcard/", "github.com/hexops/vecty."}

// whole leaves the module as the linker made it.
var whole bool

// compile returns the WebAssembly module of a package. The compiler's own messages go to standard error.
func compile(root, pkg string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "build")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "module.wasm")
	args := append([]string{"build", "-o", out}, moduleFlags...)
	cmd := exec.Command("go", append(args, pkg)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("compiling %s: %w", pkg, err)
	}
	module, err := os.ReadFile(out)
	if err != nil || whole {
		return module, err
	}
	return slim.Module(module, ours...)
}

// wasmExec returns the JavaScript runtime of the very compiler that made the module: the two only work as a pair
// (golang/go#47082).
func wasmExec() ([]byte, error) {
	var out bytes.Buffer
	cmd := exec.Command("go", "env", "GOROOT")
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("asking the compiler for its folder: %w", err)
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(out.String()), "lib", "wasm", "wasm_exec.js"))
}
