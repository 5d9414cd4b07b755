package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"path"
	"regexp"
	"strings"
)

// rule gives the headers of the paths that match a pattern of the "_headers" format (Netlify, Cloudflare Pages).
type rule struct {
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
}

var inline = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

// lineEnds are all line feeds to a browser before it hashes a script (HTML, 13.2.3.5). Git on Windows checks pages out with others.
var lineEnds = regexp.MustCompile(`\r\n?`)

// headersFile writes the site's headers four times: as "_headers" for the common static hosts, as headers.json, which
// our own server reads, and as headers.nginx.conf and headers.caddy, to include in these. None is meant for browsers, and
// none holds a secret.
func headersFile(files []*file, api string) ([]*file, error) {
	var rules []rule
	for _, f := range files {
		h := map[string]string{
			"Content-Type":           contentType(f.name),
			"X-Content-Type-Options": "nosniff",
			"Cache-Control":          "public, max-age=31536000, immutable",
		}
		if fixed(f.source) {
			h["Cache-Control"] = "no-cache"
		}
		if path.Ext(f.name) == ".html" {
			h["Content-Security-Policy"] = policy(f, api)
			h["Referrer-Policy"] = "no-referrer"
			h["Integrity-Policy"] = "blocked-destinations=(script)"
			h["Permissions-Policy"] = `camera=(self), microphone=(), geolocation=(), payment=()`
			// A shop's page that requires this of itself may frame only pages that do, too. Here it costs nothing: all files
			// are the page's own.
			h["Cross-Origin-Embedder-Policy"] = "require-corp"
		}
		// Assets are fetched by pages of other origins when the site lies on a CDN; they hold nothing private.
		h["Access-Control-Allow-Origin"] = "*"
		h["Cross-Origin-Resource-Policy"] = "cross-origin"
		rules = append(rules, rule{"/" + f.name, h})
	}
	asJSON, err := json.MarshalIndent(rules, "", "\t")
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	for _, r := range shortened(rules) {
		text.WriteString(r.Path + "\n")
		for _, name := range []string{"Content-Type", "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy", "Integrity-Policy", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Embedder-Policy", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"} {
			if v := r.Headers[name]; v != "" {
				text.WriteString("  " + name + ": " + v + "\n")
			}
		}
	}
	return []*file{
		{source: "_headers", name: "_headers", data: text.Bytes()},
		{source: "headers.json", name: "headers.json", data: append(asJSON, '\n')},
		{source: "headers.nginx.conf", name: "headers.nginx.conf", data: nginxMaps(rules)},
		{source: "headers.caddy", name: "headers.caddy", data: caddyMap(rules)},
	}, nil
}

// shortened adds the addresses that those hosts show a page at, and send who asks for the file to: / and /checkout. They match
// rules with the address that was asked for, so that the page would come without a policy.
func shortened(rules []rule) []rule {
	for _, r := range rules {
		if short, page := strings.CutSuffix(r.Path, ".html"); page {
			rules = append(rules, rule{strings.TrimSuffix(short, "index"), r.Headers})
		}
	}
	return rules
}

// nginxMaps gives the two headers that differ from file to file as variables, for any prefix that the site lies under. An
// error is stored by nobody: a file that comes a moment later in a roll-out would else be missing for a year.
func nginxMaps(rules []rule) []byte {
	var text bytes.Buffer
	text.WriteString("map \"$status$uri\" $scanner_cache {\n\tdefault \"no-cache\";\n\t\"~^[45]\" \"no-store\";\n\t\"~\\.[0-9a-f]{12}\\.[a-z0-9]+$\" \"public, max-age=31536000, immutable\";\n}\n")
	text.WriteString("map $uri $scanner_policy {\n\tdefault \"default-src 'none'\";\n")
	for _, r := range rules {
		if p := r.Headers["Content-Security-Policy"]; p != "" {
			text.WriteString("\t\"~" + regexp.QuoteMeta(r.Path) + "$\" \"" + p + "\";\n")
		}
	}
	text.WriteString("}\n")
	return text.Bytes()
}

// caddyMap gives each page's policy as a placeholder. A folder's own address is that of its index.html.
func caddyMap(rules []rule) []byte {
	var text bytes.Buffer
	text.WriteString("map {path} {scanner_policy} {\n")
	for _, r := range rules {
		if p := r.Headers["Content-Security-Policy"]; p != "" {
			address := regexp.QuoteMeta(r.Path)
			if r.Path == "/index.html" {
				address = `/(index\.html)?`
			}
			text.WriteString("\t~" + address + "$ \"" + p + "\"\n")
		}
	}
	text.WriteString("\tdefault \"default-src 'none'\"\n}\n")
	return text.Bytes()
}

// policy is the Content-Security-Policy of one page: its own files, its own inline scripts by hash, WebAssembly, the API
// where that has an origin of its own, and nothing else. Pictures are blobs, and so is the worker (boot.js says why). Only
// the demonstration shop frames anything.
// Who may frame the page is not a matter of the build: the server adds frame-ancestors, a CDN's operator does so by hand.
func policy(page *file, api string) string {
	scripts, frames := "'self' 'wasm-unsafe-eval'", "'none'"
	for _, m := range inline.FindAllSubmatch(page.data, -1) {
		sum := sha256.Sum256(lineEnds.ReplaceAll(m[1], []byte("\n")))
		scripts += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	if page.name == "checkout.html" {
		frames = "'self'"
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src " + scripts, "style-src 'self'", "img-src 'self' blob: data:",
		"media-src 'self' blob:", strings.TrimSpace("connect-src 'self' " + api), "worker-src blob:", "manifest-src 'self'",
		"frame-src " + frames, "base-uri 'none'", "form-action 'self'",
	}, "; ")
}

// contentType is fixed here and not asked of the system, whose tables differ: a module that is not application/wasm
// can't be compiled while it loads.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".ts":
		return "text/plain; charset=utf-8"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".wasm":
		return "application/wasm"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}
