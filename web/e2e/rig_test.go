// Package e2e drives a real browser against the real server and the real site.
package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// root is the folder of go.mod.
const root = "../.."

// work is where this run builds; TestMain removes it.
var work string

func TestMain(m *testing.M) {
	var err error
	if work, err = os.MkdirTemp("", "e2e"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(work)
	os.Exit(code)
}

// need skips a test, by name of what is missing, where a program can't be found.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("needs %s, which is not installed", p)
		}
	}
}

// install fetches the packages of a folder's package-lock.json, and skips the test by name where they can't be had.
func install(t *testing.T, folder string) {
	t.Helper()
	need(t, "npm")
	if err := runIn(folder, nil, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"); err != nil {
		t.Skipf("needs npm packages that can't be fetched: %v", err)
	}
}

// built is what the build said of the site.
var built string

// site builds the static site, once a run, where all secrets are known.
var site = sync.OnceValues(func() (dir string, err error) {
	dir = filepath.Join(work, "dist")
	var env []string
	for name, value := range secrets {
		env = append(env, name+"="+value)
	}
	built, err = outputOf(root, env, "go", "run", "./web/build", "-out", dir)
	return dir, err
})

// program builds one of our commands, once a run.
func program(t *testing.T, pkg string) string {
	t.Helper()
	programs.Lock()
	defer programs.Unlock()
	out := filepath.Join(work, strings.ReplaceAll(strings.TrimPrefix(pkg, "./"), "/", "-"))
	if _, err := os.Stat(out); err != nil {
		must(t, runIn(root, nil, "go", "build", "-o", out, pkg))
	}
	return out
}

var programs sync.Mutex

func runIn(dir string, env []string, name string, args ...string) error {
	_, err := outputOf(dir, env, name, args...)
	return err
}

func outputOf(dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out.String())
	}
	return out.String(), nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dist(t *testing.T) string {
	t.Helper()
	dir, err := site()
	must(t, err)
	return dir
}

// process is a program that a test has started.
type process struct {
	cmd *exec.Cmd
	out *logged
}

// logged keeps what a process says, for many writers.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start runs a program until the test ends, and waits until url answers.
func start(t *testing.T, url string, env []string, name string, args ...string) *process {
	t.Helper()
	p := &process{exec.Command(name, args...), &logged{}}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	must(t, p.cmd.Start())
	gone := make(chan error, 1)
	go func() { gone <- p.cmd.Wait() }()
	t.Cleanup(func() {
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
		select {
		case <-gone:
		case <-time.After(10 * time.Second):
			t.Errorf("%s did not stop", name)
			p.cmd.Process.Kill()
		}
	})
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		resp, err := http.Get(url)
		if err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Fatalf("%s answers %s at %s", name, resp.Status, url)
			}
			return p
		}
		select {
		case err := <-gone:
			gone <- err
			t.Fatalf("%s ended: %v\n%s", name, err, p.out)
		default:
		}
	}
	t.Fatalf("%s does not answer at %s\n%s", name, url, p.out)
	return nil
}

// port returns a free one.
func port(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	must(t, err)
	defer l.Close()
	_, p, err := net.SplitHostPort(l.Addr().String())
	must(t, err)
	return p
}

// camera makes a file for Chromium's fake camera that shows one picture for ever: an .mjpeg is JPEGs end to end.
func camera(t *testing.T, specimen string) string {
	t.Helper()
	picture, err := os.ReadFile(filepath.Join(root, "testdata", specimen))
	must(t, err)
	file := filepath.Join(t.TempDir(), "camera.mjpeg")
	must(t, os.WriteFile(file, bytes.Repeat(picture, 30), 0o600))
	return file
}

// browser starts a Chromium with a fake camera, on a phone's screen, and returns the context of its first tab. It ends
// with the test.
func browser(t *testing.T, video string, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	need(t, "chromium")
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath("chromium"), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(390, 844),
		chromedp.Env("TMPDIR=" + work), // where it is killed it leaves a folder with a socket; a test's own has too long a name
		chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-file-for-fake-video-capture", video), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
	}
	ctx, stop := context.WithTimeout(context.Background(), 8*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, append(options, flags...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	must(t, chromedp.Do(ctx))
	return ctx
}

// wait polls a JavaScript expression until it is true. A page that has only just come may take the place of another while
// it is asked, which is then asked anew.
func wait(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); ; {
		_, err := chromedp.Run(ctx, chromedp.Poll[any](expression, chromedp.WithPollingTimeout(time.Until(end)), chromedp.WithPollingInterval(100*time.Millisecond)))
		if err == nil {
			return
		}
		if text := err.Error(); (strings.Contains(text, "Cannot find context") || strings.Contains(text, "navigated or closed")) && time.Now().Before(end) {
			continue
		}
		state, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.dataset.view + ": " + document.body.innerText`))
		t.Fatalf("waiting for %s: %v\nthe page says: %s", expression, err, state)
	}
}

// ask evaluates a JavaScript expression, awaiting it when it is a promise.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}
