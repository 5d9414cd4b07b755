package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// webkit starts WebKitGTK's small browser, a stand-in for Safari, on a screen of its own until the test ends, and drives
// it through WebKitWebDriver.
func webkit(t *testing.T) *remote {
	t.Helper()
	need(t, "WebKitWebDriver", "Xvfb")
	browsers, err := filepath.Glob("/usr/lib/*/webkit2gtk-4.1/MiniBrowser")
	must(t, err)
	if len(browsers) == 0 {
		t.Skip("needs WebKitGTK's MiniBrowser, which is not installed")
	}
	screen := display(t)
	at := port(t)
	driver := "http://127.0.0.1:" + at
	start(t, driver+"/status", []string{
		"DISPLAY=" + screen, "HOME=" + t.TempDir(), "XDG_RUNTIME_DIR=" + t.TempDir(), "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1",
		"LIBGL_ALWAYS_SOFTWARE=1", "WEBKIT_DISABLE_DMABUF_RENDERER=1", "NO_AT_BRIDGE=1",
	}, "WebKitWebDriver", "--port="+at, "--host=127.0.0.1")
	r := &remote{t: t}
	created, err := call("POST", driver+"/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"webkitgtk:browserOptions": map[string]any{"binary": browsers[0], "args": []string{
			"--automation", "--enable-media-stream=true", "--enable-mock-capture-devices=true", "--media-playback-requires-user-gesture=false", "--geometry=390x844",
		}},
	}}})
	must(t, err)
	var session struct{ SessionID string }
	must(t, json.Unmarshal(created, &session))
	base := driver + "/session/" + session.SessionID
	t.Cleanup(func() {
		if _, err := call("DELETE", base, nil); err != nil {
			t.Log(err)
		}
	})
	r.send = func(command string, arguments map[string]any) (json.RawMessage, error) {
		path := map[string]string{cmdNavigate: "/url", cmdAsync: "/execute/async", cmdFind: "/element", cmdFrame: "/frame", cmdTimeouts: "/timeouts"}[command]
		if command == cmdKeys {
			path = "/element/" + arguments["id"].(string) + "/value"
		}
		return call("POST", base+path, arguments)
	}
	r.do(cmdTimeouts, map[string]any{"script": 90_000})
	return r
}

// display starts a screen without hardware until the test ends, and returns its name, which the server chooses.
func display(t *testing.T) string {
	t.Helper()
	numbered, server, err := os.Pipe()
	must(t, err)
	t.Cleanup(func() { numbered.Close() })
	launch(t, []*os.File{server}, "Xvfb", "-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp")
	server.Close()
	must(t, numbered.SetReadDeadline(time.Now().Add(30*time.Second)))
	var name [16]byte
	n, err := numbered.Read(name[:])
	must(t, err)
	return ":" + strings.TrimSpace(string(name[:n]))
}

// call asks a WebDriver over HTTP and returns the value of its answer.
func call(method, url string, body map[string]any) (json.RawMessage, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, url, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: 2 * time.Minute}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		var refused struct{ Error, Message string }
		if err := json.Unmarshal(answer.Value, &refused); err != nil {
			return nil, err
		}
		return nil, driverError(refused.Error, refused.Message)
	}
	return answer.Value, nil
}
