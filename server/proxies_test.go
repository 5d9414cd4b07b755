package main

import (
	"bytes"
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

// TestTheProxiesLogNoQuery: some clients put their secret there. The examples keep no log of calls, but a proxy also tells what
// fails, and names the call.
func TestTheProxiesLogNoQuery(t *testing.T) {
	for name, run := range map[string]func(t *testing.T, dir, at, server string) *exec.Cmd{"nginx": nginxBefore, "caddy": caddyBefore} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skipf("needs %s, which is not installed", name)
			}
			at, server, dir := freeAddress(t), freeAddress(t), t.TempDir() // no server listens
			proxy := run(t, dir, at, server)
			var log lockedBuffer
			proxy.Stdout, proxy.Stderr = &log, &log
			if err := proxy.Start(); err != nil {
				t.Fatal(err)
			}
			url := "http://" + at + cardpp.PathBeta + "?api_key=shop&api_secret=xyzzy"
			status := 0
			for end := time.Now().Add(time.Minute); status == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				if answer, err := http.Post(url, "text/plain", strings.NewReader("x")); err == nil {
					answer.Body.Close()
					status = answer.StatusCode
				}
			}
			if err := proxy.Process.Signal(syscall.SIGTERM); err != nil {
				t.Error(err)
			}
			_ = proxy.Wait() // which tells of the signal
			if status != http.StatusBadGateway && status != http.StatusServiceUnavailable {
				t.Fatalf("%d: %s", status, log.String())
			}
			if strings.Contains(log.String(), "xyzzy") {
				t.Errorf("the log holds a secret:\n%s", log.String())
			}
		})
	}
}

// TestManyShopsPassTheProxies: the page's policy names each of their origins, in one line of its header.
func TestManyShopsPassTheProxies(t *testing.T) {
	dist := t.TempDir()
	for name, text := range map[string]string{"index.html": "a page", "headers.json": `[{"path":"/index.html","headers":{"Content-Security-Policy":"default-src 'none'"}}]`} {
		if err := os.WriteFile(filepath.Join(dist, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var shops strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&shops, "shop%d:%032d:https://checkout.shop%d.example\n", i, i, i)
	}
	base := start(t, map[string]string{"DIST": dist, "MERCHANTS": shops.String()}, reader(t))
	for name, run := range map[string]func(t *testing.T, dir, at, server string) *exec.Cmd{"nginx": nginxBefore, "caddy": caddyBefore} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skipf("needs %s, which is not installed", name)
			}
			at := freeAddress(t)
			proxy := run(t, t.TempDir(), at, strings.TrimPrefix(base, "http://"))
			if err := proxy.Start(); err != nil {
				t.Fatal(err)
			}
			defer proxy.Wait() // which tells of the signal
			defer proxy.Process.Signal(syscall.SIGTERM)
			status, policy := 0, ""
			for end := time.Now().Add(time.Minute); (status == 0 || status == http.StatusServiceUnavailable) && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				if answer, err := http.Get("http://" + at + "/"); err == nil {
					answer.Body.Close()
					status, policy = answer.StatusCode, answer.Header.Get("Content-Security-Policy")
				}
			}
			if status != http.StatusOK || !strings.Contains(policy, " https://checkout.shop999.example") {
				t.Errorf("%d, a policy of %d bytes", status, len(policy))
			}
		})
	}
}

// nginxBefore runs the example of nginx, without TLS.
func nginxBefore(t *testing.T, dir, at, server string) *exec.Cmd {
	t.Helper()
	example := strings.NewReplacer("443 ssl http2", at, "127.0.0.1:8080", server).Replace(text(t, "deploy/proxy/nginx.conf"))
	var b bytes.Buffer
	if os.Geteuid() == 0 { // it would change to a user that may not read the test's folder
		b.WriteString("user root;\n")
	}
	fmt.Fprintf(&b, "daemon off; pid \"%s/pid\"; error_log stderr;\nevents {}\nhttp {\n", dir)
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&b, "%s_temp_path \"%s/%s\";\n", kind, dir, kind)
	}
	for line := range strings.Lines(example) {
		if !strings.HasPrefix(strings.TrimSpace(line), "ssl_") {
			b.WriteString(line)
		}
	}
	b.WriteString("}\n")
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return exec.Command("nginx", "-p", dir, "-e", "stderr", "-c", file)
}

// caddyBefore runs the example of Caddy, without TLS.
func caddyBefore(t *testing.T, dir, at, server string) *exec.Cmd {
	t.Helper()
	example := strings.NewReplacer("scanner.example {", "http://"+at+" {", "127.0.0.1:8080", server).Replace(text(t, "deploy/proxy/Caddyfile"))
	example = strings.Replace(example, "\n{\n", "\n{\n\tadmin off\n", 1)
	file := filepath.Join(dir, "Caddyfile")
	if err := os.WriteFile(file, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", file)
	c.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	return c
}
