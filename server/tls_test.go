package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ocrbankcard/internal/cardpp"
)

// TestTLS: a certificate from files, by HTTP/2 and no TLS older than 1.2.
func TestTLS(t *testing.T) {
	certificate, key := testCertificate(t)
	base := start(t, map[string]string{"TLS_CERT_FILE": certificate, "TLS_KEY_FILE": key}, reader(t))
	base = strings.Replace(base, "http:", "https:", 1)
	for _, c := range []struct {
		max uint16
		ok  bool
	}{{tls.VersionTLS11, false}, {tls.VersionTLS12, true}, {tls.VersionTLS13, true}} {
		client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{
			InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: c.max, // the certificate is not what is tested
		}}}
		contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
		answer, err := client.Post(base+cardpp.PathBeta, contentType, bytes.NewReader(body))
		if (err == nil) != c.ok {
			t.Errorf("TLS %x: %v", c.max, err)
		}
		if err == nil {
			if answer.ProtoMajor != 2 {
				t.Errorf("TLS %x: %s", c.max, answer.Proto)
			}
			checkRead(t, read1(t, answer), 320, 200, 1)
		}
		client.CloseIdleConnections()
	}
}

func writePEM(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func writeKey(t *testing.T, path string, pair tls.Certificate) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, path, "PRIVATE KEY", der)
}

// testCertificate is a certificate and its key in files.
func testCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	made := httptest.NewUnstartedServer(nil)
	made.StartTLS()
	made.Close()
	pair, dir := made.TLS.Certificates[0], t.TempDir()
	certificate, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writePEM(t, certificate, "CERTIFICATE", pair.Certificate[0])
	writeKey(t, key, pair)
	return certificate, key
}

// insecure is a client that takes any certificate: that is not what is tested.
func insecure(t *testing.T) *http.Client {
	c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}
