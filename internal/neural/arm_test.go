//go:build linux && !arm64

package neural

import (
	"os"
	"os/exec"
	"testing"
)

// The kernels of 64-bit ARM are held to their twins, and the networks to their definition, on any machine that can emulate one.
func TestTheKernelsOfARMPassTheirTests(t *testing.T) {
	const emulator = "qemu-aarch64"
	if _, err := exec.LookPath(emulator); err != nil {
		t.Skip("SKIPPED: " + emulator + " is not installed, the kernels of 64-bit ARM stay untested")
	}
	cmd := exec.Command("go", "test", "-count=1", "-run", "PlainTwin|PythonTwin|ConvIsItsDefinition|EveryMachine", "-exec", emulator, ".")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
