package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// preferences give Firefox a fake camera that nobody is asked for, a free port for Marionette, and nothing to call home
// for.
const preferences = `
user_pref("media.navigator.streams.fake", true);
user_pref("media.navigator.permission.disabled", true);
user_pref("marionette.port", 0);
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.safebrowsing.downloads.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.enabled", false);
`

// firefox starts a Firefox until the test ends, and connects to it by Marionette, Firefox's own form of WebDriver.
func firefox(t *testing.T) *remote {
	t.Helper()
	need(t, "firefox-esr")
	profile := t.TempDir()
	must(t, os.WriteFile(filepath.Join(profile, "user.js"), []byte(preferences), 0o600))
	cmd := exec.Command("firefox-esr", "--headless", "--marionette", "--no-remote", "--width", "390", "--height", "844", "--profile", profile)
	cmd.Env = append(os.Environ(), "HOME="+profile)
	out := &logged{}
	cmd.Stdout, cmd.Stderr = out, out
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have gone by itself
		_ = cmd.Wait()
	})
	conn := marionette(t, profile, out)
	t.Cleanup(func() { conn.Close() })
	r := &remote{t: t, send: talk(conn)}
	r.do("WebDriver:NewSession", map[string]any{"capabilities": map[string]any{}})
	r.do(cmdTimeouts, map[string]any{"script": 90_000})
	return r
}

// marionette waits for the port that Firefox has chosen, and connects.
func marionette(t *testing.T, profile string, out *logged) net.Conn {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		number, err := os.ReadFile(filepath.Join(profile, "MarionetteActivePort"))
		if err != nil {
			continue
		}
		if conn, err := net.Dial("tcp", "127.0.0.1:"+strings.TrimSpace(string(number))); err == nil {
			return conn
		}
	}
	t.Fatalf("Firefox does not listen\n%s", out)
	return nil
}

// talk sends commands as [0, id, name, arguments] and hears [1, id, error, value], each after its length in bytes and a
// colon; the first message is a greeting.
func talk(conn net.Conn) func(string, map[string]any) (json.RawMessage, error) {
	in := bufio.NewReader(conn)
	var ids atomic.Int64
	return func(command string, arguments map[string]any) (json.RawMessage, error) {
		if err := conn.SetDeadline(time.Now().Add(2 * time.Minute)); err != nil {
			return nil, err
		}
		id := ids.Add(1)
		if id == 1 {
			if _, err := hear(in); err != nil {
				return nil, err
			}
		}
		message, err := json.Marshal([]any{0, id, command, arguments})
		if err != nil {
			return nil, err
		}
		if _, err := fmt.Fprintf(conn, "%d:%s", len(message), message); err != nil {
			return nil, err
		}
		return answer(in)
	}
}

// answer takes the value out of the next message.
func answer(in *bufio.Reader) (json.RawMessage, error) {
	message, err := hear(in)
	if err != nil {
		return nil, err
	}
	var parts [4]json.RawMessage
	if err := json.Unmarshal(message, &parts); err != nil {
		return nil, err
	}
	var refused *struct{ Error, Message string }
	if err := json.Unmarshal(parts[2], &refused); err != nil {
		return nil, err
	}
	if refused != nil {
		return nil, driverError(refused.Error, refused.Message)
	}
	var wrapped struct{ Value json.RawMessage }
	if err := json.Unmarshal(parts[3], &wrapped); err != nil || wrapped.Value == nil {
		return parts[3], nil // some answers are bare
	}
	return wrapped.Value, nil
}

func hear(in *bufio.Reader) ([]byte, error) {
	head, err := in.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(head, ":"))
	if err != nil {
		return nil, err
	}
	message := make([]byte, n)
	_, err = io.ReadFull(in, message)
	return message, err
}
