package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ocrbankcard/internal/cardpp"
)

// TestTheServerRunsAsInItsContainer: in a root directory that holds the static binary and the page and is read-only, as
// user 65532, with no /tmp, /etc or /proc, the server reads a card and stops in order. Containerfile and manifests
// promise no more than that. Mounts need root; for others it is skipped.
func TestTheServerRunsAsInItsContainer(t *testing.T) {
	needMounts(t)
	defer syscall.Umask(syscall.Umask(0o022)) // user 65532 reads what is written here
	root := t.TempDir()
	binary, err := os.ReadFile(buildGateway(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "server"), binary, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(root, "dist"), os.DirFS(smallSite(t))); err != nil {
		t.Fatal(err)
	}
	process, base := contain(t, root)
	if status := text(t, fmt.Sprintf("/proc/%d/status", process.Pid)); !strings.Contains(status, "Uid:\t65532\t65532\t65532\t65532") {
		t.Error("the server isn't user 65532")
	}
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/root/probe", process.Pid), nil, 0o600); !errors.Is(err, syscall.EROFS) {
		t.Errorf("the file system isn't read-only: writing gave %v", err)
	}
	picture, err := os.ReadFile("../testdata/embossed16.jpg")
	if err != nil {
		t.Fatal(err)
	}
	contentType, body := form(t, image1(picture))
	if r := post(t, base+cardpp.PathBeta, contentType, body); r.status != http.StatusOK || len(*r.json.BankCards) != 1 {
		t.Errorf("status %d, %q, or not one card", r.status, r.json.ErrorMessage)
	}
	if page, err := http.Get(base + "/"); err != nil || page.Body.Close() != nil || page.StatusCode != http.StatusOK {
		t.Errorf("the page: %v", err)
	}
}

// needMounts skips where a mount namespace of one's own can't be had.
func needMounts(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may mount and change users")
	}
	if out, err := exec.Command("unshare", "-m", "sh", "-c", "mount --bind /mnt /mnt && command -v chroot").CombinedOutput(); err != nil {
		t.Skipf("no mount namespace can be had here: %v %s", err, out)
	}
}

// contain starts root's server with nothing but root; the test's end stops it, and wants it to end well.
func contain(t *testing.T, root string) (process *os.Process, base string) {
	t.Helper()
	addr := freeAddress(t)
	for dir := root; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) { // another user must get there
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// Each step replaces the one before, so the process started is the server in the end.
	const script = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec chroot --userspec=65532:65532 "$0" /server`
	c := exec.Command("unshare", "-m", "sh", "-c", script, root)
	var log lockedBuffer
	c.Env, c.Stdout, c.Stderr = []string{"ADDR=" + addr, "DIST=/dist", "LOG_FORMAT=json", "PATH=" + os.Getenv("PATH")}, &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.Process.Signal(syscall.SIGTERM), c.Wait()); err != nil || t.Failed() {
			t.Errorf("the server ended with %v:\n%s", err, log.String())
		}
	})
	for range 5000 {
		if answer, err := http.Get("http://" + addr + "/readyz"); err == nil {
			answer.Body.Close()
			return c.Process, "http://" + addr
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the server isn't ready")
	return nil, ""
}
